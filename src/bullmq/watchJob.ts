import type { Job } from 'bullmq'
import * as t from 'io-ts'
import { isDeepStrictEqual } from 'node:util'
import { isRecord } from '../api/parseJson'
import * as E from '../failure/either'
import { finite } from '../failure/tolerant'
import { decodeWatch, encodeWatch, keptVersion } from '../watch/keptWatch'
import { newWatch, type SavedWatch } from '../watch/liveWatch'
import { decodeProgress, encodeStatus, refOf, type StartedWatch } from './jobs'

/** A watch between two attempts. */
export interface WatchJob extends StartedWatch {
  readonly begun: SavedWatch
  /** Milliseconds for which its end is remembered. */
  readonly retention: number
}

/** The version of the data of a watch. Version 1, which had the long names, is read too. */
export const watchJobVersion = 2

/** The stored names of the members. Every job contains them, so they are short. */
const shortNames = Object.entries({
  startedAt: 's',
  retention: 'r',
  elapsed: 'e',
  attempts: 'n',
  askedAt: 'a',
  polls: 'p',
  streak: 'k',
  status: 'u',
  changedAt: 'c',
  dueAt: 'd',
  notBefore: 'b',
  lastFailure: 'f',
  wait: 'w',
  overtime: 'o',
  throttledUntil: 't',
})

/** The members of a new watch. Equal members are not stored. */
const initial = { retention: 86_400_000, elapsed: 0, ...encodeWatch(newWatch).state }

/** A status is stored as its name if it has no other member. */
const shortStatus = (status: object): unknown => {
  const members: readonly unknown[] = Object.values(status)
  const [name, ...others] = members.filter(member => member !== undefined)
  return others.length === 0 ? name : status
}

/** Encodes the data of a watch as JSON. */
export const encodeJob = ({ startedAt, begun, retention }: Omit<WatchJob, 'ref'>): object => {
  const { state, elapsed } = encodeWatch(begun)
  const status = state.status === null ? null : shortStatus(encodeStatus(state.status))
  const members = { ...state, startedAt, retention, elapsed, status }
  const valueOf = (from: object, name: string): unknown => Reflect.get(from, name)
  const stored = shortNames.filter(
    ([name]) => !isDeepStrictEqual(valueOf(members, name), valueOf(initial, name)),
  )
  return Object.fromEntries([
    ['v', watchJobVersion],
    ...stored.map(([name, short]) => [short, valueOf(members, name)] as const),
  ])
}

/** The members of a job's data by their long names; null if it has another version. */
const membersOf = (data: unknown): object | null => {
  if (!isRecord(data)) return null
  if (data['v'] === 1) return isRecord(data['state']) ? { ...data, ...data['state'] } : null
  if (data['v'] !== watchJobVersion) return null
  const stored = shortNames.filter(([, short]) => short in data)
  return Object.fromEntries(stored.map(([name, short]) => [name, data[short]]))
}

const kept = t.type({ startedAt: finite, retention: finite, elapsed: finite, status: t.unknown })

/** Decodes the data of a watch; null if it has another version. */
export const decodeJob = ({ id, data }: Pick<Job, 'id' | 'data'>): WatchJob | null => {
  const ref = refOf(id ?? '')
  const members = membersOf(data)
  if (ref === null || members === null) return null
  const decoded = kept.decode({ ...initial, ...members })
  if (E.isLeft(decoded)) return null
  const { startedAt, retention, elapsed, status: stored } = decoded.right
  const status = decodeProgress(ref, typeof stored === 'string' ? { status: stored } : stored)
  const begun = decodeWatch({ v: keptVersion, elapsed, state: { ...decoded.right, status } })
  return begun === null ? null : { ref, startedAt, begun, retention }
}

/** The version of an unreadable job, or null. */
export const versionOf = (data: unknown): number | null =>
  isRecord(data) && typeof data['v'] === 'number' ? data['v'] : null

/**
 * Whether somebody deleted a job that waited for its turn, or Redis evicted it. BullMQ starts it all the same,
 * without data, and so creates it again.
 *
 * @see https://github.com/taskforcesh/bullmq/issues/1676
 */
export const hasLostData = ({ data }: Pick<Job, 'data'>): boolean =>
  isRecord(data) && Object.keys(data).length === 0
