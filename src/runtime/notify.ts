/** Notifies an observer of events, if there is one. What it throws is ignored: it stops nothing. */
export const notify = <Event>(on: ((event: Event) => void) | undefined, event: Event): void => {
  try {
    on?.(event)
  } catch {
    // An observer's mistake ends no watch.
  }
}
