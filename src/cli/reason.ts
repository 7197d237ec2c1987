import { match, type Failure, type InvalidRequest } from '../model/failure'

const words: { readonly [Which in InvalidRequest['which']]: string } = {
  account: 'account',
  upload: 'upload',
  hint: 'hint',
  apiKey: 'API key',
  baseUrl: 'base URL',
  pollingUrl: 'polling URL',
}

/** A failure in a few words, for a column or a clause; `describe` has the sentence. */
export const reason: (failure: Failure) => string = match({
  InvalidRequest: ({ which, why }) => `${words[which]} ${why}`,
  Unreachable: ({ code }) => `no connection, ${code}`,
  TimedOut: ({ phase }) => `no ${phase} in time`,
  Throttled: () => 'rate limit, HTTP 429',
  Unavailable: ({ status }) => `unavailable, HTTP ${String(status)}`,
  Rejected: ({ status }) => `rejected, HTTP ${String(status)}`,
  Malformed: () => 'broken answer',
  Expired: () => 'deadline passed',
  Cancelled: () => 'cancelled',
})
