import dns from 'node:dns'
import { afterEach, jest } from '@jest/globals'

afterEach(() => {
  jest.restoreAllMocks()
})

/**
 * Lets the system's resolver fail, this many times, in the way in which it fails; both fetches ask it
 * by this one function. Where the network is down, or a name is gone, is not for a test to arrange.
 */
export const failLookUps = (code: string, times = Infinity): void => {
  const real = dns.lookup
  let failures = 0
  const lookUp = (...args: readonly unknown[]): unknown => {
    failures += 1
    if (failures > times) return Reflect.apply(real, dns, args)
    const [name, callback] = [args[0], args.at(-1)]
    const error = Object.assign(new Error(`getaddrinfo ${code} ${String(name)}`), {
      code,
      syscall: 'getaddrinfo',
    })
    if (typeof callback === 'function') process.nextTick(callback, error)
    return {}
  }
  jest.spyOn(dns, 'lookup').mockImplementation(lookUp)
}
