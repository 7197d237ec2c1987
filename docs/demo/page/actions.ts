import { Failure, type UploadRef } from 'rx-upload-status'
import { entryDoing, isOver, isWatched, type Entry } from './entry'

/** What can be done to one row. */
export type Action =
  'watch' | 'send' | 'stop' | 'cancel' | 'copyId' | 'copyFailure' | 'copyCode' | 'dismiss'

/** Its name in the menu. */
export const actionTitles: Readonly<Record<Action, string>> = {
  watch: 'Watch again',
  send: 'Upload again',
  stop: 'Stop watching',
  cancel: 'Cancel',
  copyId: 'Copy the id',
  copyFailure: 'Copy the failure as JSON',
  copyCode: 'Copy code that watches it',
  dismiss: 'Dismiss',
}

/** How a row can be tried again; null where it succeeded, goes on, or has nothing to be sent again. */
const retryOf = (entry: Entry): 'watch' | 'send' | null => {
  const doing = entryDoing(entry)
  if (doing === 'unknown' || doing === 'stopped') return 'watch'
  const canBeSent = doing === 'failed' || doing === 'refused' || doing === 'cancelled'
  return canBeSent && entry.origin !== null ? 'send' : null
}

/** Whether it did not succeed, and can be tried again. What somebody stopped did not fail. */
export const isRetriable = (entry: Entry): boolean => {
  const doing = entryDoing(entry)
  return doing !== 'stopped' && doing !== 'cancelled' && retryOf(entry) !== null
}

/** The failure of a row as JSON: why the API gave it up, or why nothing could be learned. */
export const failureOf = (entry: Entry): string | null => {
  if (!isWatched(entry)) return null
  const { view } = entry
  if (view.phase === 'failed') return JSON.stringify(view.status, null, 2)
  return view.phase === 'unknown' ? JSON.stringify(Failure.encode(view.failure), null, 2) : null
}

/** What the menu of a row offers now. */
export const actionsOf = (entry: Entry): readonly Action[] => {
  const retry = retryOf(entry)
  const isGoingOn = !isOver(entryDoing(entry))
  return [
    ...(retry === null ? [] : [retry]),
    ...(isGoingOn ? [isWatched(entry) ? ('stop' as const) : ('cancel' as const)] : []),
    ...(isWatched(entry) ? (['copyId', 'copyCode'] as const) : []),
    ...(failureOf(entry) === null ? [] : (['copyFailure'] as const)),
    'dismiss',
  ]
}

/** A program that does for an upload what this page does. It needs no key: the relay has it. */
export const codeFor = ({ account, upload }: UploadRef, relay: string): string =>
  `import { describe } from 'rx-upload-status'
import { relayedSource } from 'rx-upload-status/relay/client'

const source = relayedSource(${JSON.stringify(relay)})

source.uploadStatus$(${JSON.stringify(account)}, ${JSON.stringify(upload)}).subscribe(status => {
  console.log(status._tag === 'Right' ? status.right.status : describe(status.left))
})
`
