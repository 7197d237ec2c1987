import { Subscription } from 'rxjs'
import { monotonic } from '../runtime/clock'
import { expiring, type Expiring } from './expiring'

/** Milliseconds in which the new uploads of a caller are counted. */
export const minute = 60_000

/** Uploads that a caller has left, as many as are remembered for a minute. */
const mostLeft = 1_000

/** How many uploads a caller may make the relay follow. */
export interface Caps {
  readonly maxUploadsPerCaller: number
  readonly maxNewUploadsPerMinute: number
}

/** An upload that waits until its caller may follow it. */
export interface Waiting {
  readonly name: string
  readonly account: Account
  readonly start: () => void
}

/** What one caller follows, has followed and wants to follow. */
export interface Account {
  /** Each upload that the caller follows, with the number of its streams that do. */
  readonly held: Map<string, number>
  /** Uploads that the caller left before their end, and may come back to. */
  readonly left: Expiring<true>
  readonly waiting: Set<Waiting>
  /** When new uploads were permitted within the last minute. */
  begun: readonly number[]
  timer: Subscription
}

export const createAccount = (): Account => ({
  held: new Map(),
  left: expiring(minute, mostLeft),
  waiting: new Set(),
  begun: [],
  timer: Subscription.EMPTY,
})

/**
 * Permits an upload, unless a cap forbids it. It spends one of the new uploads of the minute, unless
 * the upload is free: the relay needs no request for it.
 */
export const permit = (
  account: Account,
  name: string,
  { maxUploadsPerCaller, maxNewUploadsPerMinute }: Caps,
  isFree: (name: string) => boolean,
): boolean => {
  if (account.held.has(name)) return true
  if (account.held.size >= maxUploadsPerCaller) return false
  if (isFree(name) || account.left.get(name) === true) return true
  const now = monotonic()
  account.begun = account.begun.filter(at => at > now - minute)
  if (account.begun.length >= maxNewUploadsPerMinute) return false
  account.begun = [...account.begun, now]
  return true
}

/** Milliseconds until the next new upload is permitted; null where no time changes that. */
export const untilNext = (
  { begun: [first], held, waiting }: Account,
  { maxUploadsPerCaller }: Caps,
): number | null =>
  waiting.size === 0 || held.size >= maxUploadsPerCaller || first === undefined
    ? null
    : first + minute - monotonic()
