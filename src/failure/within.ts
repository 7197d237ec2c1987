/** @throws RangeError that names what is no number, or out of range */
export const within = (
  name: string,
  value: unknown,
  min: number,
  max: number = 2 ** 31 - 1,
): void => {
  if (!(typeof value === 'number' && value >= min && value <= max))
    // Of anything but a number only the type is told: it may be a secret.
    throw new RangeError(
      `${name} is out of range: ${typeof value === 'number' ? String(value) : typeof value}`,
    )
}
