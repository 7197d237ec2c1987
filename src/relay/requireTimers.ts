/**
 * workerd lets no module start a timer while it loads, and ends the timers of a request with it. A
 * relay that all requests share would fall silent for everybody when its first reader leaves.
 *
 * @throws Error that says where to create the relay
 */
export const requireTimers = (): void => {
  try {
    clearTimeout(setTimeout(() => undefined, 0))
  } catch {
    throw new Error(
      'this host has no timers while a module loads: create the relay and its client inside `fetch`, or in a Durable Object',
    )
  }
}
