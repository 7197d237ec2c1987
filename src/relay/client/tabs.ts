import type { UploadStatusSource } from '../../source'
import type { OpenStream } from './openStream'

/** How the tabs of a browser share one stream: what `sharedTabs` returned. */
export interface Tabs {
  /** The name of the user whose tabs share. */
  readonly user: string
}

/** The relay that tabs share, and a stream for a page that cannot share. */
export interface SharedRelay {
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  /** Milliseconds without a message from the leader, after which it is asked again. */
  readonly silence: number
  /** A stream of this tab alone. */
  readonly direct: OpenStream
  /** Creates the source of a leader, which has a stream of its own. */
  readonly source: () => UploadStatusSource
}

/** Creates streams that tabs share. */
export type Share = (relay: SharedRelay) => OpenStream

/** A map, so that the public type contains nothing private. */
const shares = new WeakMap<object, Share>()

export const tabsWith = (user: string, share: Share): Tabs => {
  const tabs = { user }
  shares.set(tabs, share)
  return tabs
}

/** Returns how these tabs share; undefined if `tabs` is not from `sharedTabs`. */
export const shareOf = (tabs: unknown): Share | undefined =>
  typeof tabs === 'object' && tabs !== null ? shares.get(tabs) : undefined
