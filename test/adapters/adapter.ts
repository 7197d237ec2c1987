import type { UploadStatusSource, UploadView } from 'rx-upload-status'

/** A rendered view, and the upload that its component expected. */
export type Shown = readonly [upload: string | null, view: UploadView]

/** A mounted component that shows an upload. */
interface Mounted {
  /** Every view that was rendered so far. */
  readonly shown: readonly Shown[]
  /** Switches to another upload. */
  readonly change: (upload: string) => Promise<void>
  readonly unmount: () => Promise<void>
}

/** The way in which one framework shows an upload. */
export interface Adapter {
  readonly name: string
  readonly mount: (source: UploadStatusSource, upload: string) => Promise<Mounted>
  /** Runs `work` and waits until its effects are rendered. */
  readonly act: (work: () => void) => Promise<void>
}
