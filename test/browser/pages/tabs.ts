import { of } from 'rxjs'
import { relayedSource, sharedTabs } from 'rx-upload-status/relay/client'

declare global {
  interface Window {
    /** Follows uploads as a user; returns a function that leaves them. */
    follow: (user: string, uploads: readonly string[], heedsActivity: boolean) => () => void
    /** What this tab received, in order: `upload status`, or `complete`. */
    received: string[]
  }
}

window.received = []

window.follow = (user, uploads, heedsActivity) => {
  const source = relayedSource('/statuses', {
    tabs: sharedTabs(user),
    ...(heedsActivity ? {} : { activity$: of(true) }),
  })
  const following = source
    .uploadStatuses$(uploads.map(upload => ({ account: 'acct_1', upload })))
    .subscribe({
      next: ({ upload, status }) => {
        const word = status._tag === 'Left' ? status.left._tag : status.right.status
        window.received.push(`${upload} ${word}`)
      },
      complete: () => {
        window.received.push('complete')
      },
    })
  return () => {
    following.unsubscribe()
  }
}
