/** Ignores the rejection of an async function of the caller, which would end a Node process. */
export const ignoreRejection = (returned: unknown): void => {
  if (returned instanceof Promise) returned.catch(() => undefined)
}

/** Calls an event listener, if there is one. Ignores what it throws, or rejects with if it is async. */
export const notify = <Event>(on: ((event: Event) => void) | undefined, event: Event): void => {
  try {
    ignoreRejection(on?.(event))
  } catch {
    // A failing listener must not end a watch.
  }
}
