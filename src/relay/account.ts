import { Subscription } from 'rxjs'
import { monotonic } from '../runtime/clock'
import { expiring, type Expiring } from './expiring'

/** The window, in ms, in which a caller's new uploads are counted. */
export const minute = 60_000

/** The most recently left uploads remembered for a caller. */
const maxRecentlyLeft = 1_000

/** The limits on the uploads that the relay follows for one caller. */
export interface Caps {
  readonly maxUploadsPerCaller: number
  readonly maxNewUploadsPerMinute: number
}

/** An upload that waits until the caps of its caller permit it. */
export interface Waiting {
  readonly name: string
  readonly account: Account
  readonly start: () => void
}

/** The uploads of one caller: followed, recently left and waiting. */
export interface Account {
  /** The uploads that the caller follows, each with the number of streams that carry it. */
  readonly held: Map<string, number>
  /** The uploads that the caller left before their end. Following them again is free. */
  readonly recentlyLeft: Expiring<true>
  readonly waiting: Set<Waiting>
  /** The times at which new uploads were permitted in the last minute. */
  permittedAt: readonly number[]
  timer: Subscription
}

export const createAccount = (): Account => ({
  held: new Map(),
  recentlyLeft: expiring(minute, maxRecentlyLeft),
  waiting: new Set(),
  permittedAt: [],
  timer: Subscription.EMPTY,
})

/**
 * Permits an upload if no cap forbids it. An upload counts as new in this minute unless it is free:
 * one for which the relay needs no request.
 */
export const permit = (
  account: Account,
  name: string,
  { maxUploadsPerCaller, maxNewUploadsPerMinute }: Caps,
  isFree: (name: string) => boolean,
): boolean => {
  if (account.held.has(name)) return true
  if (account.held.size >= maxUploadsPerCaller) return false
  if (isFree(name) || account.recentlyLeft.get(name) === true) return true
  const now = monotonic()
  account.permittedAt = account.permittedAt.filter(at => at > now - minute)
  if (account.permittedAt.length >= maxNewUploadsPerMinute) return false
  account.permittedAt = [...account.permittedAt, now]
  return true
}

/** Milliseconds until the next new upload is permitted; null if waiting does not help. */
export const untilNext = (
  { permittedAt: [first], held, waiting }: Account,
  { maxUploadsPerCaller }: Caps,
): number | null =>
  waiting.size === 0 || held.size >= maxUploadsPerCaller || first === undefined
    ? null
    : first + minute - monotonic()
