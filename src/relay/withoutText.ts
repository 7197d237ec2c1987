import { match, type Failure } from '../model/failure'

const same = (failure: Failure): Failure => failure

/**
 * A failure without what the server, or whoever runs the relay, wrote: a text could hold a part of
 * the key, like "invalid key sk_live_...4711", which nothing here would know for one.
 */
export const withoutText: (failure: Failure) => Failure = /* @__PURE__ */ match<Failure>({
  InvalidRequest: same,
  Unreachable: same,
  TimedOut: same,
  Throttled: same,
  Unavailable: same,
  Rejected: failure => ({ ...failure, code: null, message: null }),
  Malformed: failure => ({ ...failure, problems: [], status: null }),
  Expired: same,
  Cancelled: failure => ({ ...failure, reason: 'aborted' }),
})
