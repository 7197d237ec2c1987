/** Tells an observer of events, if there is one. What it throws is its own affair. */
export const tell = <Event>(on: ((event: Event) => void) | undefined, event: Event): void => {
  try {
    on?.(event)
  } catch {
    // Not ours to report, nor a reason to stop.
  }
}
