import * as t from 'io-ts'
import { UploadStatus } from '../api/status'
import { failureCodec } from '../failure/failureCodec'
import * as E from '../failure/either'
import { finite } from '../failure/tolerant'
import type { BegunWatch } from './liveWatch'

/** The version of the JSON form of a watch. It changes with what an older reader cannot read. */
export const keptVersion = 1

/** JSON has no `Infinity`: the time of a poll that never comes is the text `never`. */
const time = new t.Type<number, number | 'never'>(
  'milliseconds, or never',
  t.number.is,
  (u, context) =>
    u === 'never' ? t.success(Infinity) : finite.is(u) ? t.success(u) : t.failure(u, context),
  ms => (ms === Infinity ? 'never' : ms),
)

const streak = t.type({
  retries: finite,
  unspent: finite,
  malformed: finite,
  isRekeyed: t.boolean,
})

type LastFailure = BegunWatch['state']['lastFailure']

const lastFailure: t.Type<LastFailure> = new t.Type(
  'the failure of an attempt',
  (u): u is LastFailure => u === null || (failureCodec.is(u) && u._tag !== 'Expired'),
  (u, context) => (lastFailure.is(u) ? t.success(u) : t.failure(u, context)),
  t.identity,
)

/** What a queue needs to know of a watch. It relies on no pushes: they reach it another way. */
const state = t.strict({
  attempts: finite,
  askedAt: finite,
  polls: finite,
  streak,
  status: t.union([UploadStatus, t.null]),
  changedAt: finite,
  dueAt: time,
  notBefore: time,
  lastFailure,
  wait: time,
  overtime: finite,
  throttledUntil: finite,
})

const kept = t.type({ v: t.literal(keptVersion), state, elapsed: finite })

/** The JSON form of a watch, for keeping it between two attempts. It never holds a key. */
export type KeptWatch = t.OutputOf<typeof kept>

export const encodeWatch = ({ state, elapsed }: BegunWatch): KeptWatch =>
  kept.encode({ v: keptVersion, state, elapsed })

/** Reads a watch that was kept; null where it has another version, or another shape. */
export const decodeWatch = (json: unknown): BegunWatch | null => {
  const decoded = kept.decode(json)
  if (E.isLeft(decoded)) return null
  const { state, elapsed } = decoded.right
  const { askedAt: knownAt, dueAt: scheduledAt } = state
  return { state: { ...state, knownAt, scheduledAt, isAlive: false }, elapsed }
}
