import type { UploadRef } from '../api/uploadRef'
import type { UploadStatusSource } from '../source'
import { viewIn, viewsOf, type TrackedView, type UploadViews } from './uploadViews'
import { viewsAfter$ } from './viewStreams'

/** What frameworks ask of something that changes. It may be subscribed to once at a time. */
export interface ViewStore {
  /** Starts to watch; what it gives stops that. */
  readonly subscribe: (onChange: () => void) => () => void
  /**
   * The views, in the order of the references; the same array until something changed.
   *
   * @throws whatever came on the error channel of the source: that is a bug, for a boundary to show
   */
  readonly getSnapshot: () => readonly TrackedView[]
}

/**
 * The stores of one component, a new one for each list of uploads that it shows. An upload that stays
 * in the list keeps its view, and is not asked for again after its end.
 */
export const viewStores = (
  source: UploadStatusSource,
): ((refs: readonly UploadRef[]) => ViewStore) => {
  let known: UploadViews | undefined
  return refs => {
    let views = viewsOf(refs, known)
    let shown = refs.map(ref => viewIn(views, ref))
    let raise = (): void => undefined

    const show = (next: UploadViews): void => {
      views = known = next
      shown = refs.map(ref => viewIn(views, ref))
    }

    return {
      subscribe: onChange => {
        known = views
        const following = viewsAfter$(refs, views, source, Date.now).subscribe({
          next: next => {
            show(next)
            onChange()
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
