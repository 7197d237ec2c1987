import type { UploadRef } from '../../api/uploadRef'

/** Items by account and upload. */
export interface RefMap<A> {
  readonly get: (ref: UploadRef) => A | undefined
  readonly set: (ref: UploadRef, item: A) => void
  /** Removes an item, unless another one has replaced it. */
  readonly remove: (ref: UploadRef, item: A) => void
  /** Returns a snapshot that later changes do not affect. */
  readonly list: () => readonly A[]
}

/** Nested maps, because a joined name for each of many uploads takes more memory. */
export const refMap = <A>(): RefMap<A> => {
  const accounts = new Map<string, Map<string, A>>()
  return {
    get: ({ account, upload }) => accounts.get(account)?.get(upload),
    set: ({ account, upload }, item) => {
      const uploads = accounts.get(account) ?? new Map<string, A>()
      accounts.set(account, uploads.set(upload, item))
    },
    remove: ({ account, upload }, item) => {
      const uploads = accounts.get(account)
      if (uploads?.get(upload) !== item) return
      uploads.delete(upload)
      if (uploads.size === 0) accounts.delete(account)
    },
    list: () => [...accounts.values()].flatMap(uploads => [...uploads.values()]),
  }
}
