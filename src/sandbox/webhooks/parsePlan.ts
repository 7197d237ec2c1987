import { integerIn, list, members, milliseconds, object, oneOf } from '../../failure/checked'
import type { PushPlan, ScriptedPush } from './plan'

const kinds = [
  'send',
  'drop',
  'duplicate',
  'beforeAccepted',
  'outOfOrder',
  'forged',
  'unsigned',
  'conflicting',
] as const satisfies readonly ScriptedPush['kind'][]

const scriptedPush = (value: unknown, name: string): ScriptedPush => {
  const kind = oneOf(object(value, name).get('kind'), `${name}.kind`, kinds)
  const own = kind === 'duplicate' ? ['copies'] : []
  const found = members(value, name, ['kind', 'delay', 'times', 'spelling', ...own])
  const optional = <A>(member: string, read: (value: unknown, name: string) => A) =>
    found.has(member) ? { [member]: read(found.get(member), `${name}.${member}`) } : {}
  const staging = {
    ...optional('delay', milliseconds),
    ...optional('times', (given, of) => integerIn(given, of, 1, Number.MAX_SAFE_INTEGER)),
    ...optional('spelling', (given, of) => oneOf(given, of, ['sdk', 'ids'])),
  }
  return kind === 'duplicate'
    ? { kind, copies: integerIn(found.get('copies'), `${name}.copies`, 2, 100), ...staging }
    : { kind, ...staging }
}

/**
 * Reads a plan from unknown data. Wrong data throws a TypeError or RangeError that names its
 * position, such as `plan[2].delay`.
 */
export const parsePlan = (value: unknown, name: string): PushPlan => {
  const [first, ...rest] = list(value, name, 'pushes, such as [send()]').map((push, at) =>
    scriptedPush(push, `${name}[${String(at)}]`),
  )
  if (first === undefined) throw new RangeError(`${name} must hold at least one push`)
  return [first, ...rest]
}
