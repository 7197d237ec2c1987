import type { Type } from 'io-ts'

/** The platforms of the vendor. Both share the key and the rate limit. */
export type PlatformName = 'onlyfans' | 'fansly'

/** The differences between the platforms. `onlyfans.ts` and `fansly.ts` describe one each. */
export interface PlatformApi<Status, Completed> {
  readonly name: PlatformName
  /** The prefix of its paths, before the account. */
  readonly path: string
  /** The prefix of its account ids. */
  readonly account: string
  /** The prefix of its upload ids. */
  readonly upload: string
  /** The codec of its status answers. */
  readonly status: Type<Status>
  /** Keeps the identity and the state of the media. Drops URLs and everything signed. */
  readonly identity: (completed: Completed) => Completed
}

/** The id of a Fansly account or upload. All other ids belong to OnlyFans. */
export type FanslyId = `fansly_${string}`

/** Whether an id belongs to Fansly. Accepts any value, because it also runs before ids are checked. */
export const isFanslyId = (id: string): id is FanslyId => /^fansly_/.test(id)
