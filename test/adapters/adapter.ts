import type { UploadStatusSource, UploadView } from 'rx-upload-status'

/** A view that was shown, and the upload that its component expected. */
export type Shown = readonly [upload: string | null, view: UploadView]

/** Something that shows an upload. */
interface Mounted {
  /** All that was shown so far. */
  readonly shown: readonly Shown[]
  /** Lets it show another one. */
  readonly change: (upload: string) => Promise<void>
  readonly unmount: () => Promise<void>
}

/** A way to show an upload. */
export interface Adapter {
  readonly name: string
  readonly mount: (source: UploadStatusSource, upload: string) => Promise<Mounted>
  /** Lets something happen, and waits until it is shown. */
  readonly act: (work: () => void) => Promise<void>
}
