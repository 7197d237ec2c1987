import { useContext, useMemo, useSyncExternalStore } from 'react'
import type { UploadRef } from '../api/uploadRef'
import type { UploadStatusSource } from '../source'
import { checkedRefs } from '../view/checkedRefs'
import { namesOf, type TrackedView } from '../view/uploadViews'
import { viewStores } from '../view/viewStores'
import { sourceContext } from './uploadStatusProvider'

/** The options of a hook. The object may be new in each render: only its members count. */
export interface UseOptions {
  /**
   * The source of statuses. Create it once, outside components: a new one restarts the watches.
   *
   * @default the source of the nearest UploadStatusProvider
   */
  readonly source?: UploadStatusSource | undefined
}

/**
 * Returns the views of many uploads in the order of their references. See `useUploadStatus`.
 *
 * The array may be new in each render: only its references count. An upload that stays in it keeps its
 * view. Unchanged views are the same objects, so that rows can be memoized.
 *
 * @example
 * const Board = ({ uploads }: { uploads: readonly UploadRef[] }) =>
 *   createElement(
 *     'ul',
 *     null,
 *     useUploadStatuses(uploads).map(({ upload, phase }) =>
 *       createElement('li', { key: upload }, `${upload}: ${phase}`),
 *     ),
 *   )
 */
export const useUploadStatuses = (
  uploads: readonly UploadRef[],
  options?: UseOptions,
): readonly TrackedView[] => {
  const provided = useContext(sourceContext)
  const source = options?.source ?? provided
  if (!source?.uploadStatuses$)
    throw new TypeError(
      `source must be an UploadStatusSource, not ${typeof source}: use UploadStatusProvider or the option`,
    )
  const storeOf = useMemo(() => viewStores(source), [source])
  const names = namesOf(checkedRefs(uploads))
  const { subscribe, getSnapshot } = useMemo(() => storeOf(uploads), [storeOf, names])
  // On a server, and during hydration, nothing has subscribed yet, so all views are waiting.
  return useSyncExternalStore(subscribe, getSnapshot, getSnapshot)
}
