import { useEffect, useReducer } from 'react'
import type { UploadView } from 'rx-upload-status'
import { doingOf, historyWith, type Step } from '../history'

/** What was seen of an upload, by others before this page was there. */
export const useHistory = (view: UploadView, before: readonly Step[]): readonly Step[] => {
  const [history, add] = useReducer(historyWith, before)
  const doing = doingOf(view)
  useEffect(() => {
    // The wait for a first word is no news.
    if (doing !== 'waiting') add({ doing, at: Date.now() })
  }, [doing])
  return history
}
