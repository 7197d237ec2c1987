import { useContext, useMemo, useSyncExternalStore } from 'react'
import type { UploadRef } from '../api/uploadRef'
import type { UploadStatusSource } from '../source'
import { namesOf, type TrackedView } from '../view/uploadViews'
import { viewStores } from '../view/viewStores'
import { sourceContext } from './uploadStatusProvider'

/** The options of a hook. They may be written in place: only what they hold counts. */
export interface UseOptions {
  /**
   * Where statuses come from, made once and outside of components: another one starts again.
   *
   * @default that of the nearest UploadStatusProvider
   */
  readonly source?: UploadStatusSource | undefined
}

/**
 * What is known of many uploads, in the order of their references; see `useUploadStatus`.
 *
 * The array may be a new one in each render: what it names counts. An upload that stays in it keeps
 * its view. Of what is given only the view that changed is a new object, so that rows can be memos.
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
  if (source === null) throw new Error('no UploadStatusProvider')
  const storeOf = useMemo(() => viewStores(source), [source])
  const names = namesOf(uploads)
  const { subscribe, getSnapshot } = useMemo(() => storeOf(uploads), [storeOf, names])
  // While a server renders, and in the first render on its page, nobody has subscribed: all wait.
  return useSyncExternalStore(subscribe, getSnapshot, getSnapshot)
}
