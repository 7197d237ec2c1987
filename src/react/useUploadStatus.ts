import { waitingView, type UploadView } from '../view/uploadView'
import { useUploadStatuses, type UseOptions } from './useUploadStatuses'

/**
 * Returns the view of an upload and watches it while the component is mounted.
 *
 * - The first view is `waiting`, also on a server, where no request is made. A status causes one render.
 * - Another account or upload resets the view to `waiting` immediately, so that it never shows the
 *   previous one.
 * - A failure is the phase `unknown`. After a transient one the upload is watched again when the page is
 *   visible and online again; to retry at any time, change the `key` of the component. A bug in the
 *   source is thrown, for an error boundary.
 * - Unmounting stops the watch. A client keeps polling for 250 ms, so that remounting, as in StrictMode,
 *   causes no second request.
 *
 * @param upload the upload; with null or undefined nothing is watched
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
