import { request as httpRequest } from 'node:http'
import { describe, expect, test } from '@jest/globals'
import {
  createStatusRelay,
  type RelayEvent,
  type RelayOptions,
  type Verdict,
} from 'rx-upload-status/relay'
import { ref } from '../answers'
import { address, byHand, permissive, readerOf } from './byHand'
import { hosts } from './hosts'

const url = address(ref.upload)

/** What a relay answers to a request, and what it told. */
const ask = async (
  options: Partial<RelayOptions>,
  target = url,
  init: RequestInit = {},
): Promise<{ readonly response: Response; readonly events: readonly RelayEvent[] }> => {
  const { events, options: whole } = permissive(byHand(), options)
  const controller = new AbortController()
  const { signal } = controller
  const response = await createStatusRelay(whole)(new Request(target, { signal, ...init }))
  controller.abort()
  return { response, events }
}

const statusOf = async (...asked: Parameters<typeof ask>): Promise<number> =>
  (await ask(...asked)).response.status

describe('a request that gets no stream', () => {
  test.each<[number, string, string, RequestInit]>([
    [400, 'names no upload', 'https://relay.example/', {}],
    [400, 'names one by what is no id', address('..%2F..'), {}],
    [400, 'names more than 50', address(...Array.from({ length: 51 }, (_, i) => String(i))), {}],
    [405, 'is no GET', url, { method: 'DELETE' }],
    [413, 'announces a body', url, { headers: { 'content-length': '1' } }],
    [
      413,
      'announces a body without a length',
      url,
      { headers: { 'transfer-encoding': 'chunked' } },
    ],
    [414, 'has an address without end', `${url}&x=${'x'.repeat(16_384)}`, {}],
    [431, 'has a huge header', url, { headers: { cookie: 'x'.repeat(16_384) } }],
    [403, 'comes from a page of a stranger', url, { headers: { origin: 'https://evil.example' } }],
    [
      403,
      'is made by a stranger without saying so',
      url,
      { headers: { 'sec-fetch-site': 'cross-site' } },
    ],
  ])('is answered with %d, if it %s', async (status, _, target, init) => {
    const { response, events } = await ask({}, target, init)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('cache-control')).toMatch(/no-store/)
    const body: unknown = await response.json()
    expect(body).toEqual({ error: expect.stringMatching(/^[A-Z][\w ]+\.$/) })
    expect(events).toEqual([{ _tag: 'StreamRefused', status, streams: 0 }])
  })

  test.each<[number, string, RelayOptions['authorize']]>([
    [403, 'says false', () => false],
    [401, 'says 401', () => 401],
    [404, 'says 404, later', () => Promise.resolve(404)],
    [
      403,
      'throws',
      () => {
        throw new Error('no session')
      },
    ],
    [403, 'rejects', () => Promise.reject(new Error('no database'))],
    [403, 'says what is no verdict', () => Object('yes') as Verdict],
    [503, 'does not answer in time', () => new Promise(() => undefined)],
  ])('is answered with %d, if authorize %s', async (status, _, authorize) => {
    const { response, events } = await ask({ authorize, authorizeTimeout: 20 })
    expect(response.status).toBe(status)
    expect(Object.keys((await response.json()) as object)).toEqual(['error'])
    expect(events).toEqual([{ _tag: 'StreamRefused', status, streams: 0 }])
  })

  test('is not shown to authorize, unless it is one for a stream', async () => {
    const asked: string[] = []
    const authorize: RelayOptions['authorize'] = (_, { upload }) => {
      asked.push(upload)
      return true
    }
    await ask({ authorize }, address('..'))
    await ask({ authorize }, url, { method: 'DELETE' })
    await ask({ authorize }, url, { headers: { origin: 'https://evil.example' } })
    expect(asked).toEqual([])
    await ask({ authorize }, address('a', 'b'))
    expect(asked).toEqual(['a', 'b'])
  })

  test('of which a part is permitted, gets that part, and of the rest a failure', async () => {
    const relay = createStatusRelay({
      ...permissive(byHand()).options,
      authorize: (_, { upload }) => upload === 'mine' || 404,
    })
    const response = await relay(new Request(address('theirs', 'mine')))
    expect(response.status).toBe(200)
    const reader = readerOf(response)
    expect(await reader.next()).toMatch(
      /^retry: 1000\n\nid: 30\ndata: .*"theirs".*"Rejected","status":404/,
    )
    await reader.leave()
  })
})

describe('pages of other origins', () => {
  const origins = ['https://my.example']
  const from = (origin: string) => ({ headers: { origin } })

  test('may read, where they are listed', async () => {
    const { response } = await ask({ origins }, url, from('https://my.example'))
    expect(response.status).toBe(200)
    expect(response.headers.get('access-control-allow-origin')).toBe('https://my.example')
    expect(response.headers.get('vary')).toBe('origin')
  })

  test('may read why they were refused', async () => {
    const { response } = await ask(
      { origins, authorize: () => 401 },
      url,
      from('https://my.example'),
    )
    expect(response.status).toBe(401)
    expect(response.headers.get('access-control-allow-origin')).toBe('https://my.example')
  })

  test('may not, where they are not, or have no name', async () => {
    expect(await statusOf({ origins }, url, from('https://my.example.evil.example'))).toBe(403)
    expect(await statusOf({ origins }, url, from('null'))).toBe(403)
  })

  test('may ask if they may ask', async () => {
    const headers = {
      origin: 'https://my.example',
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'last-event-id',
    }
    const { response } = await ask({ origins }, url, { method: 'OPTIONS', headers })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-headers')).toBe('last-event-id')
    expect(await statusOf({}, url, { method: 'OPTIONS', headers })).toBe(403)
  })

  test('are not needed: the relay has an origin of its own, and programs have none', async () => {
    expect(await statusOf({}, url, from('https://relay.example'))).toBe(200)
    expect(await statusOf({}, url, { headers: { 'sec-fetch-site': 'same-origin' } })).toBe(200)
    expect(await statusOf({}, url)).toBe(200)
  })
})

describe('streams without end', () => {
  const open = (options: Partial<RelayOptions>) => {
    const relay = createStatusRelay(permissive(byHand(), options).options)
    const opened: { readonly leave: () => Promise<void> }[] = []
    return {
      ask: async (headers: Record<string, string> = {}) => {
        const response = await relay(new Request(url, { headers }))
        if (response.ok) opened.push(readerOf(response))
        return response
      },
      leave: () => opened.pop()?.leave(),
      leaveAll: () => Promise.all(opened.map(({ leave }) => leave())),
    }
  }

  test('are refused, when there are too many in all, until one is closed', async () => {
    const { ask, leave, leaveAll } = open({ maxStreams: 2 })
    expect((await ask()).status).toBe(200)
    expect((await ask()).status).toBe(200)
    const refused = await ask()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
    await leave()
    expect((await ask()).status).toBe(200)
    await leaveAll()
  })

  test('are refused to one caller, and not to the others', async () => {
    const { ask, leave, leaveAll } = open({ maxStreamsPerCaller: 1 })
    expect((await ask({ cookie: 'session=1' })).status).toBe(200)
    const refused = await ask({ cookie: 'session=1' })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5'])
    expect((await ask({ cookie: 'session=2' })).status).toBe(200)
    await leave()
    expect((await ask({ authorization: 'Bearer 2' })).status).toBe(200)
    expect((await ask({ cookie: 'session=2' })).status).toBe(200)
    expect((await ask()).status).toBe(200)
    expect((await ask()).status).toBe(200)
    await leaveAll()
  })

  test('hold a place from the moment that authorize is asked, and give it back if it denies', async () => {
    const verdicts: ((verdict: Verdict) => void)[] = []
    const authorize = () => new Promise<Verdict>(resolve => verdicts.push(resolve))
    const { ask } = open({ maxStreams: 1, authorize })
    const first = ask()
    expect((await ask()).status).toBe(503)
    verdicts[0]?.(false)
    expect((await first).status).toBe(403)
    const second = ask()
    verdicts[1]?.(401)
    expect((await second).status).toBe(401)
  })
})

describe('options that make no sense', () => {
  const { options } = permissive(byHand())

  test.each<[string, object]>([
    ['client', { client: null }],
    ['client must be made by createUploadStatusClient', { client: {} }],
    ['authorize', { authorize: undefined }],
    ['select', { select: 'all' }],
    ['callerOf', { callerOf: 1 }],
    ['on', { on: [] }],
    ['origins', { origins: '*' }],
    ['origins', { origins: ['*'] }],
    ['origins', { origins: ['https://my.example/'] }],
    ['maxStreams', { maxStreams: 0 }],
    ['maxStreamsPerCaller', { maxStreamsPerCaller: 1.5 }],
    ['heartbeat', { heartbeat: 30_001 }],
    ['retry', { retry: -1 }],
    ['lifetime', { lifetime: Infinity }],
    ['authorizeTimeout', { authorizeTimeout: NaN }],
    ['patience', { patience: 1 }],
  ])('are named: %s', (name, wrong) => {
    const given: RelayOptions = { ...options, ...wrong }
    expect(() => createStatusRelay(given)).toThrow(name)
  })

  test('are none, where they are left out', () => {
    const { client, authorize } = options
    expect(createStatusRelay({ client, authorize, select: undefined })).toBeInstanceOf(Function)
  })
})

describe.each(Object.entries(hosts))('a bad request under %s', (_, host) => {
  /** The status of an answer to a request that is made by hand; 0 where the connection breaks. */
  const send = (target: string, headers: Record<string, string>, body: string): Promise<number> =>
    new Promise(resolve => {
      const sent = httpRequest(target, { headers, agent: false }, response => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      sent.on('error', () => {
        resolve(0)
      })
      sent.end(body)
    })

  test('is refused, and the others go on', async () => {
    const upstream = byHand()
    const hosted = await host(createStatusRelay(permissive(upstream).options))
    const target = `${hosted.url}?ref=${ref.account}/${ref.upload}`
    const controller = new AbortController()
    const reader = readerOf(await fetch(target, { signal: controller.signal }))
    expect(await reader.next()).toBe('retry: 1000\n\n')

    expect(await send(hosted.url, {}, '')).toBe(400)
    expect(await send(target, { 'content-length': '4' }, 'body')).toBe(413)
    expect([0, 431]).toContain(await send(target, { cookie: 'x'.repeat(20_000) }, ''))
    expect((await fetch(target, { method: 'POST', body: 'body' })).status).toBe(405)

    upstream.say({ status: 'pending', prefixed_id: ref.upload })
    expect(await reader.next()).toMatch(/"pending"/)
    controller.abort()
  })
})
