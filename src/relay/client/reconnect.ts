import { throttled, type Failure } from '../../failure/failure'
import { noStreak, retryAfterFailure, type Retry, type Streak } from '../../watch/retry'
import type { RelayedSettings } from './clientOptions'

type Rules = Pick<RelayedSettings, 'random' | 'retry'>

/** Milliseconds over which disconnected readers spread their reconnects, also after quick changes. */
export const reconnectSpread = ({ retry }: Rules): number => Math.min(5_000, retry.cap)

const jitter = (rules: Rules): number => rules.random() * reconnectSpread(rules)

/** The wait that a relay requests, in ms; 0 if it requests none. */
export const requestedWait = (failure: Failure): number =>
  'retryAfter' in failure ? (failure.retryAfter ?? 0) : 0

/** A full relay counts as throttling, which spends no retry. */
const fullAsThrottled = (failure: Failure): Failure =>
  failure._tag === 'Unavailable' && failure.retryAfter !== null
    ? throttled(failure.retryAfter)
    : failure

/**
 * Decides when to reconnect after a failure; null gives up.
 *
 * @param wasOpen whether the relay had accepted the connection, so that others were disconnected too
 */
export const reconnectAfterFailure = (
  failure: Failure,
  wasOpen: boolean,
  streak: Streak,
  rules: Rules,
): Retry | null => {
  const retry = retryAfterFailure(
    fullAsThrottled(failure),
    streak,
    { ...rules, notFoundGrace: 0 },
    0,
  )
  if (retry === null) return null
  const isRequested = requestedWait(failure) > 0
  // Readers that were disconnected together, or wait for the same relay, must not return together.
  const spread = wasOpen || isRequested ? jitter(rules) : 0
  return { ...retry, wait: isRequested ? retry.wait + spread : Math.max(retry.wait, spread) }
}

/** Decides when to reconnect after the ordinary end of a stream. */
export const reconnectAfterEnd = (rules: Rules): Retry => ({
  wait: Math.min(rules.retry.base, rules.retry.cap) + jitter(rules),
  streak: noStreak,
})
