import type { JsonObject } from './platform/imitatedPlatform'

/** The requests that the team may make in a minute, and how many are left; null without a limit. */
export type Quota = { readonly limit: number; readonly remaining: number } | null

/** Returns the headers of every answer to a request with the key, in the vendor's spelling. */
export const quotaHeaders = (
  quota: Quota,
  creditsUsed: number,
  balance: number,
): Readonly<Record<string, string>> => ({
  ...(quota !== null && {
    'x-rate-limit-limit-minute': String(quota.limit),
    'x-rate-limit-remaining-minute': String(quota.remaining),
  }),
  'x-ofapi-credits-used': String(creditsUsed),
  'x-ofapi-credits-balance': String(balance),
})

/** Returns the member `_meta` of a body that has one. The day fields are legacy and always null. */
export const metaOf = (quota: Quota, creditsUsed: number, balance: number): JsonObject => ({
  _credits: { used: creditsUsed, balance },
  ...(quota !== null && {
    _rate_limits: {
      limit_minute: quota.limit,
      remaining_minute: quota.remaining,
      limit_day: null,
      remaining_day: null,
    },
  }),
})
