import * as t from 'io-ts'
import { UploadStatus } from '../api/status'
import { failureCodec } from '../failure/failureCodec'
import * as E from '../failure/either'
import { finite } from '../failure/tolerant'
import type { SavedWatch } from './liveWatch'

/** The version of the JSON form of a watch. It changes when older versions could not read it. */
export const keptVersion = 1

/** Milliseconds in JSON. `Infinity`, for a poll that never starts, is written as `never`. */
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

type LastFailure = SavedWatch['state']['lastFailure']

const lastFailure: t.Type<LastFailure> = new t.Type(
  'the failure of an attempt',
  (u): u is LastFailure => u === null || (failureCodec.is(u) && u._tag !== 'Expired'),
  (u, context) => (lastFailure.is(u) ? t.success(u) : t.failure(u, context)),
  t.identity,
)

/** The part of a watch's state that a queue stores. Leaves out pushes, which use another path. */
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

/** The JSON form of a watch, to store it between two attempts. It never contains a key. */
export type KeptWatch = t.OutputOf<typeof kept>

export const encodeWatch = ({ state, elapsed }: SavedWatch): KeptWatch =>
  kept.encode({ v: keptVersion, state, elapsed })

/** Reads a stored watch; null if it has another version or shape. */
export const decodeWatch = (json: unknown): SavedWatch | null => {
  const decoded = kept.decode(json)
  if (E.isLeft(decoded)) return null
  const { state, elapsed } = decoded.right
  const { askedAt: knownAt, dueAt: scheduledAt } = state
  return { state: { ...state, knownAt, scheduledAt, isAlive: false }, elapsed }
}
