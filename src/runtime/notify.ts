const ignore = (): void => undefined

/** Calls an event listener, if there is one. Ignores what it throws, and what its promise rejects with. */
export const notify = <Event>(on: ((event: Event) => void) | undefined, event: Event): void => {
  try {
    const returned: unknown = on?.(event)
    // An async listener that fails must not end the process.
    if (returned instanceof Promise) returned.catch(ignore)
  } catch {
    // A failing listener must not end a watch.
  }
}
