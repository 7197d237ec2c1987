import { throttled, type Failure } from '../../failure/failure'
import { noStreak, retryAfterFailure, type Retry, type Streak } from '../../watch/retry'
import type { RelayedSettings } from './clientOptions'

type Rules = Pick<RelayedSettings, 'random' | 'retry'>

/** Milliseconds over which readers that a relay disconnected return, also after quick changes. */
export const returnSpread = ({ retry }: Rules): number => Math.min(5_000, retry.cap)

const spread = (rules: Rules): number => rules.random() * returnSpread(rules)

/** Milliseconds that a relay asks its readers to wait. */
export const askedFor = (failure: Failure): number =>
  'retryAfter' in failure ? (failure.retryAfter ?? 0) : 0

/** A full relay counts as throttling, which spends no retry. */
const asFull = (failure: Failure): Failure =>
  failure._tag === 'Unavailable' && failure.retryAfter !== null
    ? throttled(failure.retryAfter)
    : failure

/**
 * Decides when to reconnect after a failure; null gives up.
 *
 * @param wasOpen whether the relay had accepted the connection, so that others were disconnected too
 */
export const comebackAfter = (
  failure: Failure,
  wasOpen: boolean,
  streak: Streak,
  rules: Rules,
): Retry | null => {
  const retry = retryAfterFailure(asFull(failure), streak, { ...rules, notFoundGrace: 0 }, 0)
  if (retry === null) return null
  const asked = askedFor(failure) > 0
  // Readers that were disconnected together, or wait for the same relay, must not return together.
  const late = wasOpen || asked ? spread(rules) : 0
  return { ...retry, wait: asked ? retry.wait + late : Math.max(retry.wait, late) }
}

/** Decides when to reconnect after the ordinary end of a stream. */
export const comebackAfterEnd = (rules: Rules): Retry => ({
  wait: Math.min(rules.retry.base, rules.retry.cap) + spread(rules),
  streak: noStreak,
})
