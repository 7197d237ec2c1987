import { longestTimer } from './clock'
import { refusedValue } from './refusedValue'

/** @throws RangeError that names what is no number, or out of range */
export const within = (
  name: string,
  value: unknown,
  min: number,
  max: number = longestTimer,
): void => {
  if (!(typeof value === 'number' && value >= min && value <= max))
    throw new RangeError(`${name} is out of range: ${refusedValue(value)}`)
}
