/**
 * Throws at the module level of workerd. There, no timer may start while a module loads, and the
 * timers of a request end with it: a relay shared by all requests would stop for all readers when
 * the first one leaves.
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
