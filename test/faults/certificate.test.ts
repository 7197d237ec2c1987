import tls from 'node:tls'
import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { unreachable } from '../../src/failure/failure'
import { completed, processing } from '../answers'
import { openSecure } from '../platform/secureServer'
import { selfSigned } from '../platform/selfSigned'
import { follow, lost } from './follow'
import { row } from './row'

afterEach(() => {
  jest.restoreAllMocks()
})

/**
 * Makes this process trust a certificate, so that the test's fault is the only one. Node reads its
 * certificate authorities only when it starts.
 */
const trust = (ca: string): void => {
  const { connect } = tls
  const trusting = (options: tls.ConnectionOptions): tls.TLSSocket => connect({ ...options, ca })
  jest.spyOn(tls, 'connect').mockImplementation(trusting as never)
}

row('certificate errors', ({ fetch }) => {
  describe.each([
    ['is self-signed', selfSigned('localhost'), false, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['has expired', selfSigned('localhost', { from: -2, to: -1 }), true, 'CERT_HAS_EXPIRED'],
    ['is not valid yet', selfSigned('localhost', { from: 1, to: 2 }), true, 'CERT_NOT_YET_VALID'],
    ['is for another host', selfSigned('other.example'), true, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('a certificate that %s', (_, identity, isTrusted, code) => {
    test('ends the watch after one connection, without sending a request', async () => {
      if (isTrusted) trust(identity.cert)
      const server = await openSecure(identity)
      const url = server.url.replace('127.0.0.1', 'localhost')
      expect(await follow(url, { fetch }).ended).toEqual([lost(unreachable(code, true), 1)])
      expect([server.connections(), server.requests()]).toEqual([1, 0])
    })
  })

  test('a valid certificate causes no failure', async () => {
    const identity = selfSigned('localhost')
    trust(identity.cert)
    const server = await openSecure(identity, JSON.stringify(completed))
    const url = server.url.replace('127.0.0.1', 'localhost')
    expect(await follow(url, { fetch }).ended).toEqual([right(completed)])
  })
})

row('a certificate that is briefly invalid, at a host that was accepted before', ({ fetch }) => {
  test('is retried', async () => {
    const identity = selfSigned('localhost')
    trust(identity.cert)
    const server = await openSecure(identity, JSON.stringify(processing))
    const url = server.url.replace('127.0.0.1', 'localhost')
    const followed = follow(url, { fetch, retry: { retries: 50, base: 20, cap: 20 } })
    await followed.emitted(1)
    // The certificate of another host, then the right one again. Kept connections are closed.
    server.present(selfSigned('other.example'))
    await followed.received('AttemptFailed')
    server.present(identity, JSON.stringify(completed))
    expect(await followed.ended).toEqual([right(processing), right(completed)])
    expect(followed.events).toContainEqual(
      expect.objectContaining({
        _tag: 'AttemptFailed',
        failure: expect.objectContaining({ _tag: 'Unreachable', tls: false }),
      }),
    )
  })

  test('ends the watch after the last retry if it stays invalid', async () => {
    const identity = selfSigned('localhost')
    trust(identity.cert)
    const server = await openSecure(identity, JSON.stringify(processing))
    const url = server.url.replace('127.0.0.1', 'localhost')
    const followed = follow(url, { fetch })
    await followed.emitted(1)
    server.present(selfSigned('other.example'))
    const [, end] = await followed.ended
    expect(end).toMatchObject({ left: { _tag: 'Unreachable', tls: false } })
  })
})
