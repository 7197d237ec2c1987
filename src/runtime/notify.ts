/** Calls an event listener, if there is one. Ignores what it throws. */
export const notify = <Event>(on: ((event: Event) => void) | undefined, event: Event): void => {
  try {
    on?.(event)
  } catch {
    // A failing listener must not end a watch.
  }
}
