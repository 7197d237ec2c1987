import { waitingView, type UploadView } from '../view/uploadView'
import { useUploadStatuses, type UseOptions } from './useUploadStatuses'

/**
 * What is known of an upload, for as long as the component is mounted.
 *
 * - It waits at first, also on a server, where nothing is asked. A status takes one render.
 * - Another account or upload waits at once: what is shown is never of the one before.
 * - A failure is the phase `unknown`. After one that may pass, it asks again when the page is visible
 *   and online again; to ask at any time, mount again with another `key`. A bug in the source is
 *   thrown, for an error boundary.
 * - Unmounting stops it. A client keeps polling for 250 ms, so that mounting again, like StrictMode
 *   does, asks nothing twice.
 *
 * @param upload null or undefined while there is none: then nothing is asked
 *
 * @example
 * const Upload = ({ id }: { id: string }) => {
 *   const view = useUploadStatus('acct_1', id)
 *   return createElement('p', null, view.phase === 'failed' ? view.status.error : view.phase)
 * }
 */
export const useUploadStatus = (
  account: string | null | undefined,
  upload: string | null | undefined,
  options?: UseOptions,
): UploadView => {
  const refs = account == null || upload == null ? [] : [{ account, upload }]
  const [view = waitingView] = useUploadStatuses(refs, options)
  return view
}
