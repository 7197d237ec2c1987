import { computed, toValue, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import { waitingView, type UploadView } from '../view/uploadView'
import { useUploadStatuses, type UseOptions } from './useUploadStatuses'

/**
 * What is known of an upload, until its scope is disposed of: that of the component, or a scope of its
 * own, like that of a Pinia store.
 *
 * - It waits at first, also on a server, where nothing is asked.
 * - Arguments may be refs or getters. Another account or upload waits at once: what is shown is never
 *   of the one before.
 * - A failure is the phase `unknown`. After one that may pass, it asks again when the page is visible
 *   and online again; to ask at any time, mount again with another `key`. A bug in the source is
 *   thrown where the view is read, for `onErrorCaptured`.
 * - In `<KeepAlive>` it stops while the component is deactivated, and goes on when it is activated.
 * - Unmounting stops it. A client keeps polling for 250 ms, so that mounting again asks nothing twice.
 *
 * @param upload null or undefined while there is none: then nothing is asked
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
