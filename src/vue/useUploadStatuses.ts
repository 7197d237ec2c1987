import {
  computed,
  getCurrentInstance,
  getCurrentScope,
  onActivated,
  onBeforeUnmount,
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
import { checkedRefs } from '../view/checkedRefs'
import { namesOf, type TrackedView } from '../view/uploadViews'
import { viewStores } from '../view/viewStores'
import { sourceOf } from './provideUploadStatusSource'

/** The options of a composable. */
export interface UseOptions {
  /**
   * The source of statuses.
   *
   * @default the provided source
   */
  readonly source?: UploadStatusSource | undefined
}

/**
 * Returns the views of many uploads in the order of their references. See `useUploadStatus`.
 *
 * The array may be new each time: only its references count. An upload that stays in it keeps its view.
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
  const refs = (): readonly UploadRef[] => checkedRefs(toValue(uploads))
  const storeOf = viewStores(sourceOf(options.source))
  const store = shallowRef(storeOf(refs()))
  const reader = (): (() => readonly TrackedView[]) => () => store.value.getSnapshot()
  const read = shallowRef(reader())
  // Synchronous, so that the views never show the previous uploads.
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
    // Components do not mount on a server, so nothing is requested there.
    onMounted(show)
    if ('scope' in instance && instance.scope === getCurrentScope()) {
      onActivated(show)
      onDeactivated(() => {
        isShown.value = false
      })
    } else {
      // A store, or another scope that outlives the component, continues. It also starts if the
      // component never mounts, such as an async one that `<Suspense>` drops.
      onBeforeUnmount(show)
    }
  }
  watch(
    [store, isShown] as const,
    ([current, shown], _, onCleanup) => {
      if (!shown) return
      const stop = current.subscribe(() => {
        // A new function each time, so that Vue detects the change.
        read.value = reader()
      })
      onCleanup(stop)
    },
    { flush: 'sync', immediate: true },
  )
  return computed(() => read.value())
}
