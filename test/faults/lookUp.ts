import dns from 'node:dns'
import { afterEach, jest } from '@jest/globals'

afterEach(() => {
  jest.restoreAllMocks()
})

/**
 * Makes `dns.lookup` fail this many times, as it does when the network is down or the name does not
 * exist. Both fetches use this function.
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
