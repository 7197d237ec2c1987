import {
  createUploadStatusClient,
  requestBudget,
  uploadStatus$,
  type WatchOptions,
} from 'rx-upload-status'
import type { Observable } from 'rxjs'
import type { UploadRef } from '../../src/api/uploadRef'
import type { Watched } from '../../src/watch/event'

type Engine = (options: WatchOptions) => (ref: UploadRef) => Observable<Watched>

/** Both engines: a single watch, and the watches of a client with a budget that admits every request. */
export const engines: Readonly<Record<string, Engine>> = {
  uploadStatus$:
    options =>
    ({ account, upload }) =>
      uploadStatus$(account, upload, options),
  client: options => {
    const { clock, random } = options
    const budget = requestBudget({ perMinute: 1_000_000, burst: 1_000_000, clock, random })
    const client = createUploadStatusClient({ ...options, budget })
    return ({ account, upload }) => client.uploadStatus$(account, upload)
  },
}
