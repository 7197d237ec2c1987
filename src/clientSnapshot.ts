import { decodeStatus } from './api/decode'
import { isRecord } from './api/parseJson'
import { isTerminal } from './api/status'
import { isIdentifier, refName, type ExpectedUpload, type UploadRef } from './api/uploadRef'
import * as E from './failure/either'
import { list, wrongType } from './failure/checked'
import { decodeWatch, encodeWatch } from './watch/keptWatch'
import type { SavedUpload, SavedWatch } from './watch/liveWatch'

/** The version of the format. It changes when older releases could not read it. */
const snapshotVersion = 1

/** The watches of a client at one moment: plain data that survives JSON. It never contains a key. */
export interface ClientSnapshot {
  /** The version of the format. A client refuses any other version. */
  readonly v: number
  /** Milliseconds since 1970 when the snapshot was taken. */
  readonly takenAt: number
  /** One entry for each unfinished upload. Its other members may change with the version. */
  readonly watches: readonly ExpectedUpload[]
}

/** Whether the ids are valid. A watch with invalid ids ends immediately. */
const isLegal = ({ ref }: SavedUpload): boolean =>
  isIdentifier(ref.account) && isIdentifier(ref.upload)

const isFinite = (value: unknown): value is number => Number.isFinite(value)

/** @param takenAt milliseconds since 1970 */
export const snapshotOf = (watches: readonly SavedUpload[], takenAt: number): ClientSnapshot => ({
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

/** Reads a watch from a snapshot; null if it is invalid. It must not have a terminal status. */
const readWatch = (entry: unknown): SavedUpload | null => {
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

const expected = 'the result of client.snapshot()'

/**
 * Reads a snapshot from any value.
 *
 * @throws TypeError or RangeError that names the option and the remedy
 */
const readSnapshot = (
  snapshot: unknown,
  name: string,
): { readonly takenAt: number; readonly watches: readonly SavedUpload[] } => {
  if (!isRecord(snapshot)) {
    const isText = typeof snapshot === 'string'
    throw wrongType(snapshot, name, expected, isText ? ': parse it with JSON.parse' : '')
  }
  const { v, takenAt, watches } = snapshot
  if (typeof v !== 'number') throw new TypeError(`${name} must be ${expected}: it has no version`)
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

/** A snapshot without watches. */
export const emptySnapshot: ClientSnapshot = { v: snapshotVersion, takenAt: 0, watches: [] }

/**
 * Checks that a value is a snapshot, and returns it.
 *
 * @throws TypeError or RangeError that starts with `name`
 */
export const checkedSnapshot = (snapshot: unknown, name: string): ClientSnapshot => {
  const { takenAt, watches } = readSnapshot(snapshot, name)
  return snapshotOf(watches, takenAt)
}

/** The watches that a client resumes. */
export interface ResumedWatches {
  /** Removes and returns the watch of an upload, for its first subscriber. */
  readonly take: (ref: UploadRef) => SavedWatch | undefined
  /** Returns the watches without a subscriber so far. */
  readonly rest: () => readonly SavedUpload[]
}

/**
 * Returns the watches of a snapshot. The time since the snapshot counts towards each watch.
 *
 * @param now milliseconds since 1970
 * @throws TypeError or RangeError that names the option
 */
export const resumedWatches = (snapshot: unknown, now: () => number): ResumedWatches => {
  const { takenAt, watches } =
    snapshot === undefined ? { takenAt: 0, watches: [] } : readSnapshot(snapshot, 'resume')
  const rest = new Map(watches.map(watch => [refName(watch.ref), watch]))
  /** Adds the time since the snapshot. Never negative, because the clocks of two machines differ. */
  const aged = (watch: SavedUpload): SavedUpload => ({
    ...watch,
    elapsed: Math.floor(watch.elapsed + Math.max(0, now() - takenAt)),
  })
  return {
    take: ref => {
      // Avoids the cost of a name in a client without a snapshot.
      if (rest.size === 0) return undefined
      const name = refName(ref)
      const watch = rest.get(name)
      rest.delete(name)
      return watch && aged(watch)
    },
    rest: () => Array.from(rest.values(), aged),
  }
}
