import { describe, expect, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { malformed, rejected, unavailable } from '../../src/failure/failure'
import { completed } from '../answers'
import { again, bytes, head, inTurn, whole } from '../http/rawServer'
import { wire } from '../http/wire'
import { inFakeTime, pass } from './fakeTime'
import { follow, lost } from './follow'
import { good, isFinal, isTriedAgain } from './laws'
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
  // Node's own fetch keeps the answer to itself, as the standard says.
  const failure = by({
    'cross-fetch': rejected(407, 'forbidden', 'Not for you.'),
    "Node's own fetch": rejected(407),
  })
  isFinal(whole(407, refusal), failure, { fetch })
})

row('404', ({ fetch }) => {
  const missing = whole(404, '{"error":"No such upload."}')

  isFinal(missing, rejected(404, null, 'No such upload.'), { fetch })

  test('is tried again within its grace, and spends no retry', async () => {
    const server = await wire(inTurn(missing, missing, missing, good))
    const patient = { fetch, notFoundGrace: 60_000, retry: { retries: 0, base: 1, cap: 1 } }
    expect(await follow(server.url, patient).ended).toEqual([right(completed)])
    expect(server.requests).toHaveLength(4)
  })

  describe('at the end of its grace', () => {
    inFakeTime()

    test('is the end', async () => {
      const server = await wire(missing)
      const watch = follow(server.url, {
        fetch,
        notFoundGrace: 250,
        retry: { retries: 0, base: 100, cap: 100 },
        random: () => 0,
      })
      for (const nth of [1, 2, 3, 4]) {
        pass(nth === 1 ? 1 : 100)
        await watch.told('AttemptFailed', nth)
      }
      expect(await watch.ended).toEqual([lost(rejected(404, null, 'No such upload.'), 4)])
      expect(server.requests).toHaveLength(4)
    })
  })
})

row('408, 425, 5xx', ({ fetch }) => {
  describe.each([408, 425, 500, 501, 502, 503, 504, 520, 529, 599])('%d', status => {
    isTriedAgain(whole(status, refusal), unavailable(status), { fetch })
  })

  test('503 is not asked again before the time that it names', async () => {
    const busy = whole(503, '', { 'retry-after': '1' })
    const server = await wire(inTurn(busy, good))
    const { ended, attempts } = follow(server.url, { fetch })
    expect(await ended).toEqual([right(completed)])
    expect(Number(attempts()[1]) - Number(attempts()[0])).toBeGreaterThanOrEqual(1_000)
  })
})

row('3xx', ({ fetch }) => {
  describe.each([300, 301, 302, 303, 305, 307, 308])('%d', status => {
    test('is the end at once; nothing is asked of the other place, of which the origin is told', async () => {
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
    ['no place', {}],
    ['a place of the same origin', { location: '/login?token=secret' }],
    ['what is no place', { location: 'http://[' }],
    ['what is no text', { location: 'http://\u00fc/\u00e9' }],
    ['itself', { location: '' }],
  ])('to %s', (_, headers) => {
    test('is the end at once', async () => {
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
    isTriedAgain(reply, malformed('httpStatus'), { fetch, retry, attempts: 4 })
  })

  describe.each([
    ['204', bytes(head(204))],
    ['205', whole(205)],
    ['304', bytes(head(304))],
    ['205 with a body that does not end', again(head(205), 'x', 5)],
  ])('%s', (_, reply) => {
    isTriedAgain(reply, malformed('httpStatus'), {
      fetch,
      retry,
      attempts: 4,
      attemptTimeout: 1_000,
    })
  })

  describe.each([
    ['nothing', whole(200)],
    ['white space', whole(200, ' \r\n')],
    ['no chunk', bytes(`${head(200, { 'transfer-encoding': 'chunked' })}0\r\n\r\n`)],
    ['a byte-order mark alone', whole(200, '\uFEFF')],
  ])('200 with %s', (_, reply) => {
    isTriedAgain(reply, malformed('empty'), { fetch, retry, attempts: 4 })
  })
})
