import { useCallback } from 'react'
import { codeFor, failureOf, type Action } from './actions'
import type { Entries } from './entries'
import { isWatched, type Entry } from './entry'

/** What a copy holds, and how it is called. */
const copied = (action: Action, entry: Entry): readonly [what: string, text: string] | null => {
  if (!isWatched(entry)) return null
  switch (action) {
    case 'copyId':
      return ['id', entry.upload.upload]
    case 'copyCode':
      return ['code', codeFor(entry.upload, new URL('statuses', location.href).href)]
    case 'copyFailure':
      return ['failure', failureOf(entry) ?? '']
    default:
      return null
  }
}

/** Rejects also where a page has no clipboard: without TLS, except on this machine. */
const copy = async (text: string): Promise<void> => navigator.clipboard.writeText(text)

/** Does what the menu of a row offers, and says what was copied. */
export const useActions = (
  entries: Entries,
  say: (note: string) => void,
): ((action: Action, entry: Entry) => void) =>
  useCallback(
    (action, entry) => {
      const { key } = entry
      switch (action) {
        case 'watch':
        case 'send':
          entries.retry([key])
          return
        case 'stop':
        case 'cancel':
          entries.stop(key)
          return
        case 'dismiss':
          entries.dismiss([key])
          return
      }
      const [what, text] = copied(action, entry) ?? ['nothing', '']
      copy(text).then(
        () => {
          say(`Copied the ${what} of ${entry.name}.`)
        },
        () => {
          say('The browser does not let this page copy.')
        },
      )
    },
    [entries, say],
  )
