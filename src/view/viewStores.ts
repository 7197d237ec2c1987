import { refName, type UploadRef } from '../api/uploadRef'
import type { UploadStatusSource } from '../source'
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
const isAlike = (a: TrackedView, b: TrackedView): boolean =>
  a.phase === b.phase &&
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
  let rows: ReadonlyMap<string, Row> = new Map()
  /** The uploads whose `isPolling` was read. */
  const polling = new Set<string>()

  const rowOf = (name: string, view: TrackedView): Row => {
    const row = rows.get(name)
    if (row && (row.view === view || (!polling.has(name) && isAlike(row.view, view)))) return row
    const shown = {
      ...view,
      get isPolling() {
        polling.add(name)
        return (known?.get(name) ?? view).isPolling
      },
    }
    return { view, shown }
  }

  return refs => {
    let views = viewsOf(refs, known)
    let raise = (): void => undefined

    const look = (): readonly TrackedView[] => {
      const mine = refs.map(ref => [refName(ref), rowOf(refName(ref), viewIn(views, ref))] as const)
      // Drops the rows of uploads that are no longer in the list.
      rows = new Map(mine)
      return mine.map(([, { shown }]) => shown)
    }
    let shown = look()

    /** Updates the views. Returns whether a member that was read has changed. */
    const show = (next: UploadViews): boolean => {
      views = known = next
      const after = look()
      const changed = after.some((view, row) => view !== shown[row])
      if (changed) shown = after
      return changed
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
          known = viewsOf(refs, views)
        }
      },
      getSnapshot: () => {
        raise()
        return shown
      },
    }
  }
}
