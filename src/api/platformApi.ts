import type { Type } from 'io-ts'

/** The platforms that the vendor serves. Both have the same key, and one limit of requests. */
export type PlatformName = 'onlyfans' | 'fansly'

/** What differs between the platforms; `onlyfans.ts` and `fansly.ts` describe one each. */
export interface PlatformApi<Status, Completed> {
  readonly name: PlatformName
  /** The beginning of its paths, before the account. */
  readonly path: string
  /** The beginning of its account ids. */
  readonly account: string
  /** The beginning of its upload ids. */
  readonly upload: string
  /** The codec of its status answers. */
  readonly status: Type<Status>
  /** The identity and the state of its media, without addresses and without what is signed. */
  readonly identity: (completed: Completed) => Completed
}

/** An id of an account or an upload of Fansly. All other ids are of OnlyFans. */
export type FanslyId = `fansly_${string}`

/** Whether an id is one of Fansly. */
export const isFanslyId = (id: string): id is FanslyId => id.startsWith('fansly_')
