import { computed, toValue, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import { waitingView, type UploadView } from '../view/uploadView'
import { useUploadStatuses, type UseOptions } from './useUploadStatuses'

/**
 * Returns the view of an upload and watches it until the current scope is disposed: the scope of the
 * component, or another one, such as that of a Pinia store.
 *
 * - The first view is `waiting`, also on a server, where no request is made.
 * - Arguments may be refs or getters. Another account or upload resets the view to `waiting`
 *   immediately, so that it never shows the previous one.
 * - A failure is the phase `unknown`. After a transient one the upload is watched again when the page is
 *   visible and online again; to retry at any time, change the `key` of the component. A bug in the
 *   source is thrown when the view is read, for `onErrorCaptured`.
 * - In `<KeepAlive>` the watch stops while the component is deactivated.
 * - Unmounting stops the watch. A client keeps polling for 250 ms, so that remounting causes no second
 *   request.
 *
 * @param upload the upload; with null or undefined nothing is watched
 *
 * @example
 * const Upload = {
 *   props: { id: { type: String, required: true } },
 *   setup(props: { id: string }) {
 *     const view = useUploadStatus('acct_1', () => props.id)
 *     return () => h('p', view.value.phase)
 *   },
 * }
 */
export const useUploadStatus = (
  account: MaybeRefOrGetter<string | null | undefined>,
  upload: MaybeRefOrGetter<string | null | undefined>,
  options: UseOptions = {},
): ComputedRef<UploadView> => {
  const refs = () => {
    const ref = { account: toValue(account), upload: toValue(upload) }
    return ref.account == null || ref.upload == null
      ? []
      : [{ account: ref.account, upload: ref.upload }]
  }
  const views = useUploadStatuses(refs, options)
  return computed(() => views.value[0] ?? waitingView)
}
