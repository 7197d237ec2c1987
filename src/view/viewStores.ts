import { refName, type UploadRef } from '../api/uploadRef'
import type { UploadStatusSource } from '../source'
import { isSettled } from './uploadView'
import { viewIn, viewsOf, type TrackedView, type UploadViews } from './uploadViews'
import { viewsAfter$ } from './viewStreams'

/** What frameworks ask of something that changes. It may be subscribed to once at a time. */
export interface ViewStore {
  /** Starts to watch; what it gives stops that. */
  readonly subscribe: (onChange: () => void) => () => void
  /**
   * The views, in the order of the references; the same array until something changed that was read.
   * `isPolling` changes twice a poll: it counts for a view from when it was read there first.
   *
   * @throws whatever came on the error channel of the source: that is a bug, for a boundary to show
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
  a.isPaused === b.isPaused

/**
 * The stores of one component, a new one for each list of uploads that it shows. An upload that stays
 * in the list keeps its view, and is not asked for again after its end.
 */
export const viewStores = (
  source: UploadStatusSource,
): ((refs: readonly UploadRef[]) => ViewStore) => {
  let known: UploadViews | undefined
  /** What is shown of each upload, and the view that it was made of. */
  const rows = new Map<string, Row>()
  /** The uploads of which `isPolling` was read. */
  const polling = new Set<string>()

  const rowOf = (ref: UploadRef, views: UploadViews): Row => {
    const view = viewIn(views, ref)
    const name = refName(ref)
    const row = rows.get(name)
    const isSame = row?.view === view || (!polling.has(name) && isAlike(row?.view, view))
    if (row !== undefined && isSame) return row
    const shown = { ...view }
    if (!isSettled(view))
      Object.defineProperty(shown, 'isPolling', {
        enumerable: true,
        get: () => {
          polling.add(name)
          return viewIn(known ?? views, ref).isPolling
        },
      })
    return { view, shown }
  }

  return refs => {
    let views = viewsOf(refs, known)
    let raise = (): void => undefined

    const look = (): readonly TrackedView[] => {
      const mine = refs.map(ref => [refName(ref), rowOf(ref, views)] as const)
      for (const [name, row] of mine) rows.set(name, row)
      return mine.map(([, { shown }]) => shown)
    }
    let shown = look()
    // Of what is in this list no more nothing is kept.
    const names = new Set(refs.map(refName))
    for (const name of rows.keys()) if (!names.has(name)) rows.delete(name)

    /** Returns whether anything changed that was read. */
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
        known = views
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
