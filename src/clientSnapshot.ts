import { decodeStatus } from './api/decode'
import { isRecord } from './api/parseJson'
import { isTerminal } from './api/status'
import { isIdentifier, refName, type ExpectedUpload, type UploadRef } from './api/uploadRef'
import * as E from './failure/either'
import { list, wrongType } from './failure/checked'
import { decodeWatch, encodeWatch } from './watch/keptWatch'
import type { BegunUpload, BegunWatch } from './watch/liveWatch'

/** The version of the form. It changes with what an older reader cannot read. */
const snapshotVersion = 1

/** The watches of a client at one moment: plain data, which JSON keeps whole. It never holds a key. */
export interface ClientSnapshot {
  /** The version of this form. A client refuses any other. */
  readonly v: number
  /** Milliseconds since 1970. */
  readonly takenAt: number
  /** One entry for each upload that has not ended. Its other members may change with the version. */
  readonly watches: readonly ExpectedUpload[]
}

/** Any upload may have been named; one that is not legal ends at once. */
const isLegal = ({ ref }: BegunUpload): boolean =>
  isIdentifier(ref.account) && isIdentifier(ref.upload)

const isFinite = (value: unknown): value is number => Number.isFinite(value)

/** @param takenAt milliseconds since 1970 */
export const snapshotOf = (watches: readonly BegunUpload[], takenAt: number): ClientSnapshot => ({
  v: snapshotVersion,
  takenAt,
  watches: watches
    .filter(isLegal)
    .map(({ ref: { account, upload, hint, priority }, ...begun }) => ({
      account,
      upload,
      ...(isFinite(hint) && { hint }),
      ...(isFinite(priority) && { priority }),
      ...encodeWatch(begun),
    })),
})

/** A watch out of a snapshot; null if it is none. A watch that goes on has no terminal status. */
const readWatch = (entry: unknown): BegunUpload | null => {
  const begun = decodeWatch(entry)
  if (begun === null || begun.elapsed < 0 || !isRecord(entry)) return null
  const { account, upload, hint, priority } = entry
  if (!isIdentifier(account) || !isIdentifier(upload)) return null
  const { status } = begun.state
  if (status !== null && (isTerminal(status) || E.isLeft(decodeStatus(upload, status)))) return null
  return {
    ref: {
      account,
      upload,
      hint: isFinite(hint) ? hint : undefined,
      priority: isFinite(priority) ? priority : undefined,
    },
    ...begun,
  }
}

const made = 'what client.snapshot() returned'

/**
 * Reads a snapshot, which may be any value.
 *
 * @throws TypeError or RangeError that names the option, and says what to do
 */
const readSnapshot = (
  snapshot: unknown,
  name: string,
): { readonly takenAt: number; readonly watches: readonly BegunUpload[] } => {
  if (!isRecord(snapshot)) {
    const isText = typeof snapshot === 'string'
    throw wrongType(snapshot, name, made, isText ? ': parse it with JSON.parse' : '')
  }
  const { v, takenAt, watches } = snapshot
  if (typeof v !== 'number') throw new TypeError(`${name} must be ${made}: it has no version`)
  if (v !== snapshotVersion)
    throw new RangeError(
      `${name} has version ${String(v)}, and this release reads version ` +
        `${String(snapshotVersion)}: use the release that wrote it, or start without it`,
    )
  if (typeof takenAt !== 'number' || !Number.isFinite(takenAt))
    throw wrongType(takenAt, `${name}.takenAt`, 'milliseconds since 1970')
  return {
    takenAt,
    watches: list(watches, `${name}.watches`, 'watches').map((entry, nth) => {
      const watch = readWatch(entry)
      if (watch !== null) return watch
      throw new TypeError(
        `${name}.watches[${String(nth)}] cannot be read: start without it, or remove this entry`,
      )
    }),
  }
}

/** No watches. */
export const emptySnapshot: ClientSnapshot = { v: snapshotVersion, takenAt: 0, watches: [] }

/**
 * Returns a snapshot, which may be any value.
 *
 * @throws TypeError or RangeError that begins with the name
 */
export const checkedSnapshot = (snapshot: unknown, name: string): ClientSnapshot => {
  const { takenAt, watches } = readSnapshot(snapshot, name)
  return snapshotOf(watches, takenAt)
}

/** The watches that a client goes on with. */
export interface ResumedWatches {
  /** Gives the watch of an upload to its first subscriber. */
  readonly take: (ref: UploadRef) => BegunWatch | undefined
  /** Those without a subscriber so far. */
  readonly rest: () => readonly BegunUpload[]
}

/**
 * The watches of a snapshot. The time since then counts as time of the watch.
 *
 * @param now milliseconds since 1970
 * @throws TypeError or RangeError that names the option
 */
export const resumedWatches = (snapshot: unknown, now: () => number): ResumedWatches => {
  const { takenAt, watches } =
    snapshot === undefined ? { takenAt: 0, watches: [] } : readSnapshot(snapshot, 'resume')
  const rest = new Map(watches.map(watch => [refName(watch.ref), watch]))
  /** The wall clocks of two machines differ: no time goes back. */
  const aged = (watch: BegunUpload): BegunUpload => ({
    ...watch,
    elapsed: Math.floor(watch.elapsed + Math.max(0, now() - takenAt)),
  })
  return {
    take: ref => {
      // A client without a snapshot makes no name.
      if (rest.size === 0) return undefined
      const name = refName(ref)
      const watch = rest.get(name)
      rest.delete(name)
      return watch && aged(watch)
    },
    rest: () => Array.from(rest.values(), aged),
  }
}
