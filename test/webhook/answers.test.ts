import { gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import type { PushedStatus } from 'rx-upload-status'
import { completed, failed, ref } from '../answers'
import {
  bytesOf,
  delivery,
  ended,
  endedOtherwise,
  eventId,
  headersOf,
  logged,
  secret,
  signatureOf,
} from './deliveries'

/** Sends one delivery. Returns the answer, which no cache may keep, the events and the pushed statuses. */
const send = async (request: Request, options: Parameters<typeof logged>[0] = {}) => {
  const pushed: PushedStatus[] = []
  const { webhook, events } = logged(options)
  webhook.statuses$.subscribe(status => pushed.push(status))
  const response = await webhook(request)
  expect(response.headers.get('cache-control')).toBe('no-store')
  return { status: response.status, text: await response.text(), response, events, pushed }
}

describe('a delivery is answered with 204', () => {
  test.each([
    ['of a completed upload', ended(), completed],
    ['of a failed upload', ended('failed'), failed],
  ])('%s, and its status is pushed', async (_, body, status) => {
    const { status: answer, pushed, events, text } = await send(delivery(body))
    expect([answer, text]).toEqual([204, ''])
    expect(pushed).toEqual([{ ...ref, status }])
    expect(events).toEqual([
      { _tag: 'AliveChanged', alive: true, reason: 'delivered' },
      { _tag: 'DeliveryAccepted', ...ref, status: status.status, eventId },
    ])
  })

  test('in the other spelling, and its status is pushed', async () => {
    const { status, pushed } = await send(delivery(endedOtherwise()))
    expect(status).toBe(204)
    expect(pushed).toMatchObject([{ ...ref, status: { status: 'completed', media_id: 7 } }])
  })

  test.each<[string, unknown, object]>([
    ['of another event', { event: 'posts.created' }, { reason: 'otherEvent', ref: null }],
    ['without an event', {}, { reason: 'malformed', problems: [{ path: 'event' }] }],
    ['that is a list', [], { reason: 'malformed' }],
    ['without a payload', { ...ended(), payload: null }, { reason: 'malformed' }],
    [
      'with an invalid account',
      { ...ended(), account_id: 7 },
      { problems: [{ path: 'account_id' }] },
    ],
    [
      'whose status contradicts its event',
      { ...ended(), event: 'media_uploads.failed' },
      { reason: 'malformed', ref, problems: [{ path: 'payload.status', expected: 'failed' }] },
    ],
    ['without media', { ...ended(), payload: { id: ref.upload } }, { reason: 'malformed', ref }],
    [
      'whose account is in a `__proto__`',
      JSON.stringify(ended()).replace('"account_id"', '"__proto__":{"account_id":"acct_1"},"x"'),
      { reason: 'malformed', problems: [{ path: 'account_id' }] },
    ],
    [
      'that is nested too deeply',
      `{"event":"media_uploads.completed","payload":${'['.repeat(80)}${']'.repeat(80)}}`,
      { reason: 'malformed' },
    ],
  ])('%s, which is ignored and reported', async (_, body, event) => {
    const { status, pushed, events } = await send(delivery(body))
    expect([status, pushed]).toEqual([204, []])
    expect(events.at(-1)).toMatchObject({ _tag: 'DeliveryIgnored', eventId, ...event })
  })

  test('for an upload that is not accepted, without a call of the store or `onStatus`', async () => {
    const never = (): never => {
      throw new Error('called')
    }
    const { status, events } = await send(delivery(ended()), {
      accept: ({ account }) => account === 'acct_2',
      store: { claim: never, done: never, release: never },
      onStatus: never,
    })
    expect(status).toBe(204)
    expect(events.at(-1)).toMatchObject({ reason: 'notAccepted', ref })
  })

  test.each<[string, Buffer]>([
    ["with PHP's escaped slashes", Buffer.from(JSON.stringify(ended()).replaceAll('/', '\\/'))],
    ['with a byte-order mark', Buffer.concat([Buffer.from('\uFEFF'), bytesOf(ended())])],
    [
      'with a byte that is not UTF-8',
      Buffer.concat([
        Buffer.from(JSON.stringify(ended('failed')).slice(0, -3)),
        Buffer.from([0xff]),
        Buffer.from('"}}'),
      ]),
    ],
    ['with white space around it', Buffer.from(`\r\n ${JSON.stringify(ended(), null, 2)}\n`)],
    [
      'in UTF-8',
      Buffer.from(
        JSON.stringify({
          ...ended('failed'),
          payload: { ...failed, error: 'Übertragung 失敗 🎬 https://a.example/é' },
        }),
      ),
    ],
  ])('%s, because the signature is that of the bytes', async (_, body) => {
    const { status, pushed } = await send(delivery(body))
    expect([status, pushed.length]).toEqual([204, 1])
  })
})

describe('a delivery is refused', () => {
  const streamed = (...chunks: readonly number[]): ReadableStream<Uint8Array> =>
    new ReadableStream({
      start: controller => {
        for (const size of chunks) controller.enqueue(new Uint8Array(size).fill(32))
        controller.close()
      },
    })

  const post = (body: BodyInit | ReadableStream, headers: HeadersInit = {}): Request => {
    const init = { method: 'POST', headers, body, duplex: 'half' }
    return new Request('https://me.example/hook', init)
  }

  const broken = (): ReadableStream =>
    new ReadableStream({
      pull: controller => {
        controller.error(new Error('reset'))
      },
    })

  const readAlready = async (): Promise<Request> => {
    const request = delivery(ended())
    await request.json()
    return request
  }

  const lockedAlready = (): Request => {
    const request = delivery(ended())
    request.body?.getReader()
    return request
  }

  test.each<[number, string, string, () => Request | Promise<Request>]>([
    [405, 'method', 'if it is not a POST', () => new Request('https://me.example/hook')],
    [413, 'tooLarge', 'if it has 1 MiB and a byte', () => post(streamed(1_048_576, 1))],
    [413, 'tooLarge', 'if it is too large in one chunk', () => post(new Uint8Array(1_048_577))],
    [
      413,
      'tooLarge',
      'by its Content-Length, without reading it',
      () => post(broken(), { 'content-length': '1048577' }),
    ],
    [
      413,
      'tooLarge',
      'if it is larger than its Content-Length',
      () => post(streamed(2_000_000), { 'content-length': '2' }),
    ],
    [401, 'unsigned', 'if it has no signature, at 1 MiB', () => post(streamed(1_048_576))],
    [400, 'incomplete', 'if its connection breaks', () => post(broken())],
    [500, 'bodyRead', 'if the host has read it', readAlready],
    [500, 'bodyRead', 'if the host is reading it', lockedAlready],
    [401, 'unsigned', 'if it has no signature', () => delivery(ended(), {})],
    [
      401,
      'forged',
      'if it is signed with another secret',
      () => delivery(ended(), headersOf(ended(), 'other')),
    ],
    [
      401,
      'forged',
      'if its signature is that of other bytes',
      () => delivery(ended(), headersOf(ended('failed'))),
    ],
    [
      401,
      'forged',
      'if its JSON was serialised again',
      () => delivery(JSON.stringify(ended(), null, 1), headersOf(ended())),
    ],
    [
      400,
      'notJson',
      'if it is in UTF-16',
      () => delivery(Buffer.from(JSON.stringify(ended()), 'utf16le')),
    ],
    [
      401,
      'forged',
      'if a proxy has compressed it',
      () => delivery(gzipSync(bytesOf(ended())), headersOf(ended())),
    ],
    [400, 'notJson', 'if it is empty', () => delivery('')],
    [400, 'notJson', 'if it is not JSON', () => delivery('event=media_uploads.completed')],
    [400, 'notJson', 'if it is truncated', () => delivery(JSON.stringify(ended()).slice(0, -1))],
  ])('with %d (%s), and reported, %s', async (status, reason, _, request) => {
    const { response, pushed, events, text } = await send(await request())
    expect([response.status, pushed]).toEqual([status, []])
    expect(events.at(-1)).toMatchObject({ _tag: 'DeliveryRefused', status, reason })
    expect(JSON.parse(text)).toEqual({ error: expect.any(String) })
    expect(response.headers.get('allow')).toBe(status === 405 ? 'POST' : null)
  })

  test.each([
    '',
    'sha256=' + signatureOf(ended()),
    signatureOf(ended()).slice(1),
    signatureOf(ended()) + '0',
    signatureOf(ended()).replace(/./, 'g'),
    `${signatureOf(ended())}, ${signatureOf(ended())}`,
  ])('if its signature is not 64 hex digits: %j', async signature => {
    const { status } = await send(delivery(ended(), { signature }))
    expect(status).toBe(401)
  })

  test('with an error that names the fix if the host has already read the body', async () => {
    const { text } = await send(await readAlready())
    expect(text).toContain('mount the webhook before express.json()')
  })
})

describe('a signature', () => {
  test('may be in upper case', async () => {
    const signature = signatureOf(ended()).toUpperCase()
    expect((await send(delivery(ended(), { signature }))).status).toBe(204)
  })

  test.each([
    ['the new secret', 'new'],
    ['the old secret', 'old'],
  ])('by %s is valid during a rotation', async (_, by) => {
    const request = delivery(ended(), headersOf(ended(), by))
    expect((await send(request, { secrets: ['new', 'old'] })).status).toBe(204)
  })

  test('by a secret that is no longer listed is invalid', async () => {
    let secrets = [secret]
    const { webhook } = logged({ secrets: () => Promise.resolve(secrets) })
    expect((await webhook(delivery(ended()))).status).toBe(204)
    secrets = ['new']
    expect((await webhook(delivery(ended()))).status).toBe(401)
  })
})

describe('a delivery that cannot be processed now', () => {
  const broken = (): never => {
    throw new Error('down')
  }
  const claim = () => Promise.resolve('claimed' as const)
  const nothing = () => Promise.resolve()

  test.each<[string, Parameters<typeof logged>[0]]>([
    ['secrets', { secrets: () => Promise.reject(new Error('down')) }],
    ['secrets', { secrets: broken }],
    ['secrets', { secrets: () => [] }],
    ['accept', { accept: broken }],
    ['store', { store: { claim: broken, done: nothing, release: nothing } }],
    ['onStatus', { onStatus: broken }],
    ['onStatus', { onStatus: () => Promise.reject(new Error('down')) }],
    ['busy', { store: { claim: () => Promise.resolve('busy'), done: nothing, release: nothing } }],
  ])('is answered with 503 for the reason %s', async (reason, options) => {
    const { status, events, pushed } = await send(delivery(ended()), options)
    expect([status, pushed]).toEqual([503, []])
    expect(events.at(-1)).toMatchObject({ _tag: 'DeliveryRefused', status: 503, reason })
  })

  test('is processed when the vendor repeats it', async () => {
    let calls = 0
    const { webhook } = logged({
      onStatus: () => {
        calls += 1
        return calls === 1 ? Promise.reject(new Error('down')) : Promise.resolve()
      },
    })
    const statuses: number[] = []
    for (let times = 0; times < 3; times += 1)
      statuses.push((await webhook(delivery(ended()))).status)
    expect(statuses).toEqual([503, 204, 204])
    expect(calls).toBe(2)
  })

  test('is answered with 204 and reported if only `done` of the store fails', async () => {
    const { status, events, pushed } = await send(delivery(ended()), {
      store: { claim, done: broken, release: nothing },
    })
    expect([status, pushed.length]).toEqual([204, 1])
    expect(events).toContainEqual({ _tag: 'StoreFailed', step: 'done' })
  })

  test('is answered with 503 and reported if `release` of the store fails', async () => {
    const { status, events } = await send(delivery(ended()), {
      store: { claim, done: nothing, release: broken },
      onStatus: broken,
    })
    expect(status).toBe(503)
    expect(events).toContainEqual({ _tag: 'StoreFailed', step: 'release' })
  })
})

test('an error that `on` throws is ignored', async () => {
  const { status } = await send(delivery(ended()), {
    on: () => {
      throw new Error('broken')
    },
  })
  expect(status).toBe(204)
})

test('no event and no answer contains a secret, a signature or the media', async () => {
  const media = { prefixed_id: 'one_use', sourceUrl: 'https://capability', extra: 'capability' }
  const body = { ...ended(), payload: { ...completed, media } }
  for (const [request, options] of [
    [delivery(body), {}],
    [delivery(body, headersOf(body, 'other')), {}],
    [delivery({ ...body, payload: { ...body.payload, status: 'failed' } }), {}],
    [delivery(body), { onStatus: () => Promise.reject(new Error(secret)) }],
    [
      delivery(body, { ...headersOf(body), 'x-ofapi-idempotency-key': secret }),
      { secrets: () => Promise.reject(new Error(secret)) },
    ],
  ] as const) {
    const { events, text } = await send(request, options)
    const sent = JSON.stringify([events, text])
    for (const word of [secret, 'capability', 'one_use', signatureOf(body)])
      expect(sent).not.toContain(word)
  }
})
