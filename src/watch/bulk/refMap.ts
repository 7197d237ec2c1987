import type { UploadRef } from '../../api/uploadRef'
import type { Running } from './running'

/** The running watches, by account and upload. */
export interface WatchIndex {
  readonly add: (running: Running) => void
  readonly remove: (running: Running) => void
  readonly get: (ref: UploadRef) => Running | undefined
}

export const watchIndex = (): WatchIndex => {
  const accounts = new Map<string, Map<string, Running>>()
  return {
    add: running => {
      const { account, upload } = running.ref
      const uploads = accounts.get(account) ?? new Map<string, Running>()
      accounts.set(account, uploads.set(upload, running))
    },
    remove: running => {
      const { account, upload } = running.ref
      const uploads = accounts.get(account)
      if (uploads?.get(upload) !== running) return
      uploads.delete(upload)
      if (uploads.size === 0) accounts.delete(account)
    },
    get: ({ account, upload }) => accounts.get(account)?.get(upload),
  }
}
