import { describe, expect, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { malformed, rejected, unavailable } from '../../src/failure/failure'
import { completed } from '../answers'
import { again, bytes, head, inTurn, whole } from '../http/rawServer'
import { wire } from '../http/wire'
import { inFakeTime, pass } from './fakeTime'
import { follow, lost } from './follow'
import { good, isFinal, isRetried } from './laws'
import { row } from './row'

const refusal = JSON.stringify({ error: 'Not\nfor you.', code: 'forbidden' })

row('401, 403, 400, 410, 422, other 4xx', ({ fetch }) => {
  describe.each([401, 403, 400, 410, 422, 402, 405, 406, 409, 411, 418, 423, 451, 499])(
    '%d',
    status => {
      const { code, message } = { code: 'forbidden', message: 'Not for you.' }
      isFinal(whole(status, refusal), rejected(status, code, message), { fetch })
    },
  )

  describe('401 without a body', () => {
    isFinal(whole(401), rejected(401), { fetch })
  })
})

row('407', ({ fetch, by }) => {
  // Node's own fetch hides the answer, as the standard requires.
  const failure = by({
    'cross-fetch': rejected(407, 'forbidden', 'Not for you.'),
    "Node's own fetch": rejected(407),
  })
  isFinal(whole(407, refusal), failure, { fetch })
})

row('404', ({ fetch }) => {
  const missing = whole(404, '{"error":"No such upload."}')

  isFinal(missing, rejected(404, null, 'No such upload.'), { fetch })

  test('is requested again within notFoundGrace, without spending a retry', async () => {
    const server = await wire(inTurn(missing, missing, missing, good))
    const patient = { fetch, notFoundGrace: 60_000, retry: { retries: 0, base: 1, cap: 1 } }
    expect(await follow(server.url, patient).ended).toEqual([right(completed)])
    expect(server.requests).toHaveLength(4)
  })

  describe('after notFoundGrace', () => {
    inFakeTime()

    test('ends the watch', async () => {
      const server = await wire(missing)
      const watch = follow(server.url, {
        fetch,
        notFoundGrace: 250,
        retry: { retries: 0, base: 100, cap: 100 },
        random: () => 0,
      })
      for (const nth of [1, 2, 3, 4]) {
        pass(nth === 1 ? 1 : 100)
        await watch.received('AttemptFailed', nth)
      }
      expect(await watch.ended).toEqual([lost(rejected(404, null, 'No such upload.'), 4)])
      expect(server.requests).toHaveLength(4)
    })
  })
})

row('408, 425, 5xx', ({ fetch }) => {
  describe.each([408, 425, 500, 501, 502, 503, 504, 520, 529, 599])('%d', status => {
    isRetried(whole(status, refusal), unavailable(status), { fetch })
  })

  test('503 with Retry-After is not retried before that time', async () => {
    const busy = whole(503, '', { 'retry-after': '1' })
    const server = await wire(inTurn(busy, good))
    const { ended, attempts } = follow(server.url, { fetch })
    expect(await ended).toEqual([right(completed)])
    expect(Number(attempts()[1]) - Number(attempts()[0])).toBeGreaterThanOrEqual(1_000)
  })
})

row('3xx', ({ fetch }) => {
  describe.each([300, 301, 302, 303, 305, 307, 308])('%d', status => {
    test('ends the watch without a request to the target; the failure names only its origin', async () => {
      const other = await wire(good)
      const origin = other.url.replace(/\/$/, '')
      const location = `${other.url}login?token=secret#key`
      const server = await wire(whole(status, 'secret', { location }))
      expect(await follow(server.url, { fetch }).ended).toEqual([
        lost(rejected(status, null, `a redirect to ${origin}`), 1),
      ])
      // Any other request would have arrived before this one.
      await follow(other.url, { fetch }).ended
      expect([server.requests.length, other.requests.length]).toEqual([1, 1])
    })
  })

  describe.each([
    ['no Location', {}],
    ['a Location of the same origin', { location: '/login?token=secret' }],
    ['an invalid Location', { location: 'http://[' }],
    ['a Location in Latin-1', { location: 'http://\u00fc/\u00e9' }],
    ['an empty Location', { location: '' }],
  ])('with %s', (_, headers) => {
    test('ends the watch after one request', async () => {
      const server = await wire(
        inTurn(
          bytes(Buffer.from(head(302, { ...headers, 'content-length': '0' }), 'latin1')),
          good,
        ),
      )
      const [end] = await follow(server.url, { fetch }).ended
      expect(end).toEqual(lost({ _tag: 'Rejected', status: 302 }, 1))
      expect(server.requests).toHaveLength(1)
    })
  })
})

row('202, 204, 304, empty 200', ({ fetch }) => {
  const retry = { retries: 10, base: 1, cap: 1 }

  describe.each([201, 202, 203, 206, 207, 226])('%d', status => {
    const reply = whole(status, JSON.stringify(completed))
    isRetried(reply, malformed('httpStatus'), { fetch, retry, attempts: 4 })
  })

  describe.each([
    ['204', bytes(head(204))],
    ['205', whole(205)],
    ['304', bytes(head(304))],
    ['205 with a body that does not end', again(head(205), 'x', 5)],
  ])('%s', (_, reply) => {
    isRetried(reply, malformed('httpStatus'), {
      fetch,
      retry,
      attempts: 4,
      attemptTimeout: 1_000,
    })
  })

  describe.each([
    ['an empty body', whole(200)],
    ['white space', whole(200, ' \r\n')],
    ['an empty chunked body', bytes(`${head(200, { 'transfer-encoding': 'chunked' })}0\r\n\r\n`)],
    ['only a byte-order mark', whole(200, '\uFEFF')],
  ])('200 with %s', (_, reply) => {
    isRetried(reply, malformed('empty'), { fetch, retry, attempts: 4 })
  })
})
