import { of } from 'rxjs'
import { spaced, uploadStatus$, type WatchEvent } from 'rx-upload-status'

declare global {
  interface Window {
    /** Starts a watch in this page, by way of the page's own origin, which adds the key. */
    watch: (upload: string, spacing: number, heedsActivity: boolean) => void
    /** Tells the test. */
    tell: (event: WatchEvent) => void
  }
}

window.watch = (upload, spacing, heedsActivity) => {
  uploadStatus$('acct_sandbox', upload, {
    baseUrl: window.location.origin,
    apiKey: null,
    schedule: spaced(spacing),
    retry: { retries: 1_000, base: 50, cap: 50 },
    on: window.tell,
    ...(heedsActivity ? {} : { activity$: of(true) }),
  }).subscribe()
}
