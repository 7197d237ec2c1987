import {
  computed,
  getCurrentInstance,
  getCurrentScope,
  onActivated,
  onDeactivated,
  onMounted,
  shallowRef,
  toValue,
  watch,
  type ComputedRef,
  type MaybeRefOrGetter,
} from 'vue'
import type { UploadRef } from '../api/uploadRef'
import type { UploadStatusSource } from '../source'
import { namesOf, type TrackedView } from '../view/uploadViews'
import { viewStores } from '../view/viewStores'
import { sourceOf } from './provideUploadStatusSource'

/** The options of a composable. */
export interface UseOptions {
  /**
   * Where statuses come from.
   *
   * @default the one that was provided
   */
  readonly source?: UploadStatusSource | undefined
}

/**
 * What is known of many uploads, in the order of their references; see `useUploadStatus`.
 *
 * What the array names counts, not the array. An upload that stays in it keeps its view.
 *
 * @example
 * const Board = {
 *   setup() {
 *     const views = useUploadStatuses([{ account: 'acct_1', upload: 'ofapi_media_1' }])
 *     return () => views.value.map(({ upload, phase }) => h('li', { key: upload }, phase))
 *   },
 * }
 */
export const useUploadStatuses = (
  uploads: MaybeRefOrGetter<readonly UploadRef[]>,
  options: UseOptions = {},
): ComputedRef<readonly TrackedView[]> => {
  const refs = (): readonly UploadRef[] => toValue(uploads)
  const storeOf = viewStores(sourceOf(options.source))
  const store = shallowRef(storeOf(refs()))
  const reader = (): (() => readonly TrackedView[]) => () => store.value.getSnapshot()
  const read = shallowRef(reader())
  // In the same turn: what is shown is never of the uploads before.
  watch(
    () => namesOf(refs()),
    () => {
      store.value = storeOf(refs())
    },
    { flush: 'sync' },
  )
  const instance = getCurrentInstance()
  const isShown = shallowRef(instance === null)
  const show = (): void => {
    isShown.value = true
  }
  if (instance !== null) {
    // A component is not mounted on a server: there nothing is asked.
    onMounted(show)
    // In a store, or another scope that outlives the component, it goes on.
    if ('scope' in instance && instance.scope === getCurrentScope()) {
      onActivated(show)
      onDeactivated(() => {
        isShown.value = false
      })
    }
  }
  watch(
    [store, isShown] as const,
    ([current, shown], _, onCleanup) => {
      if (!shown) return
      const stop = current.subscribe(() => {
        // Another one each time, for Vue to notice.
        read.value = reader()
      })
      onCleanup(stop)
    },
    { flush: 'sync', immediate: true },
  )
  return computed(() => read.value())
}
