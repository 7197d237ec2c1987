import { refName, type UploadRef } from '../api/uploadRef'
import type { UploadStatusSource } from '../source'
import { isSettled } from './uploadView'
import { viewIn, viewsOf, type TrackedView, type UploadViews } from './uploadViews'
import { viewsAfter$ } from './viewStreams'

/** An external store, as frameworks expect it. Supports one subscriber at a time. */
export interface ViewStore {
  /** Starts watching. The returned function stops it. */
  readonly subscribe: (onChange: () => void) => () => void
  /**
   * Returns the views in the order of the references. Returns the same array until a member that was
   * read has changed. `isPolling` changes twice per poll, so it counts only after its first read.
   *
   * @throws the error of the source, if it errored: that is a bug, for an error boundary to show
   */
  readonly getSnapshot: () => readonly TrackedView[]
}

interface Row {
  readonly view: TrackedView
  readonly shown: TrackedView
}

/** Whether two views of an upload differ at most in `isPolling`. */
const isAlike = (a: TrackedView | undefined, b: TrackedView): boolean =>
  a?.phase === b.phase &&
  a.status === b.status &&
  a.failure === b.failure &&
  a.isPaused === b.isPaused &&
  a.isStalled === b.isStalled

/**
 * Creates the stores of one component: a new one for each list of uploads that it shows. An upload that
 * stays in the list keeps its view, and is not requested again after its end.
 */
export const viewStores = (
  source: UploadStatusSource,
): ((refs: readonly UploadRef[]) => ViewStore) => {
  let known: UploadViews | undefined
  /** The shown object of each upload, with the view that it was created from. */
  const rows = new Map<string, Row>()
  /** The uploads whose `isPolling` was read. */
  const polling = new Set<string>()

  const shownOf = (ref: UploadRef, views: UploadViews): TrackedView => {
    const view = viewIn(views, ref)
    const name = refName(ref)
    const row = rows.get(name)
    const isSame = row?.view === view || (!polling.has(name) && isAlike(row?.view, view))
    if (row !== undefined && isSame) return row.shown
    const shown = { ...view }
    if (!isSettled(view))
      Object.defineProperty(shown, 'isPolling', {
        enumerable: true,
        get: () => {
          polling.add(name)
          return viewIn(known ?? views, ref).isPolling
        },
      })
    rows.set(name, { view, shown })
    return shown
  }

  return refs => {
    let views = viewsOf(refs, known)
    let raise = (): void => undefined

    const look = (): readonly TrackedView[] => refs.map(ref => shownOf(ref, views))
    let shown = look()
    // Drops the rows of uploads that are no longer in the list.
    const names = new Set(refs.map(refName))
    for (const name of rows.keys()) if (!names.has(name)) rows.delete(name)

    /** Updates the views. Returns whether a member that was read has changed. */
    const show = (next: UploadViews): boolean => {
      views = known = next
      const before = shown
      const after = look()
      if (after.every((view, row) => view === before[row])) return false
      shown = after
      return true
    }

    return {
      subscribe: onChange => {
        // The store of the previous list may have learned more since this one was created.
        if (show(viewsOf(refs, known))) onChange()
        const following = viewsAfter$(refs, views, source, Date.now).subscribe({
          next: next => {
            if (show(next)) onChange()
          },
          error: (defect: unknown) => {
            raise = () => {
              throw defect
            }
            onChange()
          },
        })
        return () => {
          following.unsubscribe()
          show(viewsOf(refs, views))
        }
      },
      getSnapshot: () => {
        raise()
        return shown
      },
    }
  }
}
