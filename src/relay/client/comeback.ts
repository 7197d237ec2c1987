import { throttled, type Failure } from '../../failure/failure'
import { noStreak, retryAfterFailure, type Retry, type Streak } from '../../watch/retry'
import type { RelayedSettings } from './clientOptions'

type Rules = Pick<RelayedSettings, 'random' | 'retry'>

/** Milliseconds over which the readers of a relay that cut them off return, and quick returns. */
export const returnSpread = ({ retry }: Rules): number => Math.min(5_000, retry.cap)

const spread = (rules: Rules): number => rules.random() * returnSpread(rules)

/** Milliseconds that a relay asks its readers to stay away. */
export const askedFor = (failure: Failure): number =>
  'retryAfter' in failure ? (failure.retryAfter ?? 0) : 0

/** The failure of a relay that is full spends no retry: it is tried again later. */
const asFull = (failure: Failure): Failure =>
  failure._tag === 'Unavailable' && failure.retryAfter !== null
    ? throttled(failure.retryAfter)
    : failure

/**
 * When to connect again after a failure; null gives up.
 *
 * @param wasOpen whether the relay had accepted the connection: then others were cut off with it
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
  // Those who were cut off together, or wait for the same relay, do not return together.
  const late = wasOpen || asked ? spread(rules) : 0
  return { ...retry, wait: asked ? retry.wait + late : Math.max(retry.wait, late) }
}

/** When to connect again after a stream that came to an ordinary end. */
export const comebackAfterEnd = (rules: Rules): Retry => ({
  wait: Math.min(rules.retry.base, rules.retry.cap) + spread(rules),
  streak: noStreak,
})
