import { request as httpRequest } from 'node:http'
import { describe, expect, jest, test } from '@jest/globals'
import express from 'express'
import {
  createStatusRelay,
  nodeListener,
  type RelayEvent,
  type RelayOptions,
  type Verdict,
} from 'rx-upload-status/relay'
import { ref } from '../answers'
import { address, byHand, permissive, readerOf } from './byHand'
import { hosts, listen } from './hosts'

const url = address(ref.upload)

/** The answer of a relay to a request, and its events. */
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

describe('a refused request', () => {
  test.each<[number, string, string, RequestInit]>([
    [400, 'names no upload', 'https://relay.example/', {}],
    [400, 'names an invalid id', address('..%2F..'), {}],
    [
      400,
      'names more than 250 uploads',
      address(...Array.from({ length: 251 }, (_, i) => String(i))),
      {},
    ],
    [405, 'is not a GET', url, { method: 'DELETE' }],
    [413, 'announces a body', url, { headers: { 'content-length': '1' } }],
    [
      413,
      'announces a body without a length',
      url,
      { headers: { 'transfer-encoding': 'chunked' } },
    ],
    [414, 'has a URL that is too long', `${url}&x=${'x'.repeat(16_384)}`, {}],
    [431, 'has a header that is too long', url, { headers: { cookie: 'x'.repeat(16_384) } }],
    [403, 'has an Origin that is not listed', url, { headers: { origin: 'https://evil.example' } }],
    [
      403,
      'is cross-site by its Sec-Fetch-Site header',
      url,
      { headers: { 'sec-fetch-site': 'cross-site' } },
    ],
  ])('is answered with %d if it %s', async (status, _, target, init) => {
    const { response, events } = await ask({}, target, init)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('cache-control')).toMatch(/no-store/)
    const body: unknown = await response.json()
    expect(body).toEqual({ error: expect.stringMatching(/^[A-Z][\w ]+\.$/) })
    expect(events).toEqual([{ _tag: 'StreamRefused', status, streams: 0 }])
  })

  test.each<[number, string, RelayOptions['authorize']]>([
    [403, 'returns false', () => false],
    [401, 'returns 401', () => 401],
    [404, 'resolves to 404', () => Promise.resolve(404)],
    [
      403,
      'throws',
      () => {
        throw new Error('no session')
      },
    ],
    [403, 'rejects', () => Promise.reject(new Error('no database'))],
    [403, 'returns an invalid verdict', () => Object('yes') as Verdict],
    [503, 'does not answer in time', () => new Promise(() => undefined)],
  ])('is answered with %d if authorize %s', async (status, _, authorize) => {
    const { response, events } = await ask({ authorize, authorizeTimeout: 20 })
    expect(response.status).toBe(status)
    expect(Object.keys((await response.json()) as object)).toEqual(['error'])
    expect(events).toEqual([{ _tag: 'StreamRefused', status, streams: 0 }])
  })

  test('does not reach authorize if it is not a valid request for a stream', async () => {
    const requested: string[] = []
    const authorize: RelayOptions['authorize'] = (_, { upload }) => {
      requested.push(upload)
      return true
    }
    await ask({ authorize }, address('..'))
    await ask({ authorize }, url, { method: 'DELETE' })
    await ask({ authorize }, url, { headers: { origin: 'https://evil.example' } })
    expect(requested).toEqual([])
    await ask({ authorize }, address('a', 'b'))
    expect(requested).toEqual(['a', 'b'])
  })

  test('gets a stream with a failure for each refused upload if only some are permitted', async () => {
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

describe('a page of another origin', () => {
  const origins = ['https://my.example']
  const from = (origin: string) => ({ headers: { origin } })

  test('may read a stream if its origin is listed', async () => {
    const { response } = await ask({ origins }, url, from('https://my.example'))
    expect(response.status).toBe(200)
    expect(response.headers.get('access-control-allow-origin')).toBe('https://my.example')
    expect(response.headers.get('vary')).toBe('origin')
  })

  test('may read a refusal if its origin is listed', async () => {
    const { response } = await ask(
      { origins, authorize: () => 401 },
      url,
      from('https://my.example'),
    )
    expect(response.status).toBe(401)
    expect(response.headers.get('access-control-allow-origin')).toBe('https://my.example')
  })

  test('is refused if its origin is not listed or opaque', async () => {
    expect(await statusOf({ origins }, url, from('https://my.example.evil.example'))).toBe(403)
    expect(await statusOf({ origins }, url, from('null'))).toBe(403)
  })

  test('is refused by its Sec-Fetch-Site header, even if its Origin is that of the relay', async () => {
    for (const site of ['cross-site', 'same-site']) {
      const headers = { 'sec-fetch-site': site, origin: 'https://relay.example' }
      expect(await statusOf({ origins }, url, { headers })).toBe(403)
      expect(
        await statusOf({ origins }, url, { headers: { ...headers, origin: 'https://my.example' } }),
      ).toBe(200)
    }
  })

  test('is refused if its Origin matches the URL but not the Host header', async () => {
    const headers = { host: 'other.example', origin: 'https://relay.example' }
    expect(await statusOf({}, url, { headers })).toBe(403)
  })

  test('may send a preflight if its origin is listed', async () => {
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

  test("must be listed, unlike the relay's own origin and a program without an Origin", async () => {
    expect(await statusOf({}, url, from('https://relay.example'))).toBe(200)
    expect(await statusOf({}, url, { headers: { 'sec-fetch-site': 'same-origin' } })).toBe(200)
    expect(await statusOf({}, url)).toBe(200)
  })
})

describe('hosts', () => {
  const at = (host: string, hosts: readonly string[]) =>
    statusOf({ hosts }, url.replace('relay.example', host))

  test('serves the listed hosts and no others', async () => {
    expect(await at('relay.example', ['relay.example'])).toBe(200)
    expect(await at('RELAY.example:8080', ['relay.example'])).toBe(200)
    expect(await at('relay.example:8080', ['relay.example:8080'])).toBe(200)
    expect(await at('[::1]:8080', ['[::1]'])).toBe(200)
    expect(await at('relay.example:8081', ['relay.example:8080'])).toBe(403)
    expect(await at('evil.example', ['relay.example'])).toBe(403)
    expect(await at('relay.example.evil.example', ['relay.example'])).toBe(403)
    expect(await at('relay.example.', ['relay.example'])).toBe(403)
    expect(await at('relay.example', [])).toBe(403)
  })
})

describe('maxStreams and maxStreamsPerCaller', () => {
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

  test('refuse a stream beyond maxStreams with 503, until one is closed', async () => {
    const { ask, leave, leaveAll } = open({ maxStreams: 2 })
    expect((await ask()).status).toBe(200)
    expect((await ask()).status).toBe(200)
    const refused = await ask()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
    await leave()
    expect((await ask()).status).toBe(200)
    await leaveAll()
  })

  test('refuse a stream beyond maxStreamsPerCaller with 429, to that caller only', async () => {
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

  test('count a stream for its caller while authorize is running', async () => {
    const verdicts: ((verdict: Verdict) => void)[] = []
    const authorize = () => new Promise<Verdict>(resolve => verdicts.push(resolve))
    const { ask } = open({ maxStreamsPerCaller: 1, authorize })
    const cookie = 'session=1'
    const first = ask({ cookie })
    expect((await ask({ cookie })).status).toBe(429)
    verdicts[0]?.(false)
    expect((await first).status).toBe(403)
    const second = ask({ cookie })
    verdicts[1]?.(401)
    expect((await second).status).toBe(401)
  })

  test('do not count a stream towards maxStreams while authorize is running', async () => {
    const authorize = ({ headers }: Request) =>
      headers.has('cookie') || new Promise<Verdict>(() => undefined)
    const { ask, leaveAll } = open({ maxStreams: 2, authorize, authorizeTimeout: 50 })
    const waiting = Array.from({ length: 60 }, () => ask())
    expect((await ask({ cookie: 'session=1' })).status).toBe(200)
    expect((await ask({ cookie: 'session=2' })).status).toBe(200)
    expect((await ask({ cookie: 'session=3' })).status).toBe(503)
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(Array(60).fill(503))
    await leaveAll()
  })

  test('count a stream for the caller that authorize returns, instead of that of callerOf', async () => {
    const authorize = ({ headers }: Request) =>
      Promise.resolve({ caller: headers.get('user') ?? '' })
    const { ask, leaveAll } = open({ maxStreamsPerCaller: 2, authorize })
    const user = 'one'
    expect((await ask({ user, cookie: 'session=1' })).status).toBe(200)
    expect((await ask({ user, cookie: 'session=2' })).status).toBe(200)
    expect((await ask({ user, cookie: 'session=3' })).status).toBe(429)
    expect((await ask({ user: 'other', cookie: 'session=3' })).status).toBe(200)
    await leaveAll()
  })

  test('refuse a stream if too many were opened while authorize was running', async () => {
    const verdicts: ((verdict: Verdict) => void)[] = []
    const authorize = () => new Promise<Verdict>(resolve => verdicts.push(resolve))
    const { ask, leaveAll } = open({ maxStreams: 1, authorize })
    const asked = [ask(), ask()]
    for (const permit of verdicts) permit(true)
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 503])
    await leaveAll()
  })
})

describe('an invalid caller', () => {
  test.each<[string, unknown]>([
    ['a promise', Promise.resolve('user')],
    ['an object', { id: 1 }],
    ['a number', 7],
    ['undefined', undefined],
  ])('is a defect, and the request is not served: %s', async (kind, caller) => {
    const authorize = jest.fn(() => true)
    const callerOf = (): string => caller as string
    const { events, options } = permissive(byHand(), { authorize, callerOf })
    const relay = createStatusRelay(options)
    await expect(relay(new Request(url))).rejects.toThrow(
      `callerOf must return a string or null, not ${kind}`,
    )
    expect(events).toEqual([{ _tag: 'RelayDefect', defect: expect.any(TypeError), streams: 0 }])
    expect(authorize).not.toHaveBeenCalled()
  })

  test('is passed to the error handler of Express', async () => {
    const app = express()
    const callerOf = (): string => Promise.resolve('user') as unknown as string
    app.use(nodeListener(createStatusRelay(permissive(byHand(), { callerOf }).options)))
    const defects: unknown[] = []
    const onError: express.ErrorRequestHandler = (defect, _, response, next) => {
      defects.push(defect)
      if (response.headersSent) next(defect)
      else response.status(500).end()
    }
    app.use(onError)
    const { url } = await listen(app)
    expect((await fetch(`${url}?ref=a/b`)).status).toBe(500)
    expect(defects).toEqual([
      expect.objectContaining({ message: expect.stringContaining('callerOf') }),
    ])
  })

  test('closes the connection under node:http, which has no error handler', async () => {
    const callerOf = (): never => {
      throw new Error('a bug')
    }
    const { url } = await listen(
      nodeListener(createStatusRelay(permissive(byHand(), { callerOf }).options)),
    )
    await expect(fetch(`${url}?ref=a/b`)).rejects.toThrow('fetch failed')
  })
})

describe('the options of a relay', () => {
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
    ['origins', { origins: ['ws://my.example'] }],
    ['origins', { origins: [7] }],
    ['origins has no wildcards', { origins: ['https://*.example'] }],
    ['origins has no wildcards', { origins: ['https://my.example', 'https://my.example:*'] }],
    ['hosts', { hosts: 'my.example' }],
    ['hosts', { hosts: ['https://my.example'] }],
    ['hosts', { hosts: ['My.example'] }],
    ['hosts has no wildcards', { hosts: ['*.example'] }],
    ['maxUploadsPerCaller', { maxUploadsPerCaller: 0 }],
    ['maxNewUploadsPerMinute', { maxNewUploadsPerMinute: '30' }],
    ['maxStreams', { maxStreams: 0 }],
    ['maxStreamsPerCaller', { maxStreamsPerCaller: 1.5 }],
    ['heartbeat', { heartbeat: 30_001 }],
    ['retry', { retry: -1 }],
    ['lifetime', { lifetime: Infinity }],
    ['lifetime', { lifetime: 3_600_001 }],
    ['authorizeTimeout', { authorizeTimeout: NaN }],
    ['patience', { patience: 1 }],
  ])('are rejected with an error that names the option: %s', (name, wrong) => {
    const given: RelayOptions = { ...options, ...wrong }
    expect(() => createStatusRelay(given)).toThrow(name)
  })

  test('may be omitted or undefined', () => {
    const { client, authorize } = options
    expect(createStatusRelay({ client, authorize, select: undefined })).toBeInstanceOf(Function)
  })
})

describe.each(Object.entries(hosts))('a bad request under %s', (_, host) => {
  /** Sends a request. Returns the status of its answer, or 0 if the connection breaks. */
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

  test('is refused, and other streams continue', async () => {
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

    upstream.emit({ status: 'pending', prefixed_id: ref.upload })
    expect(await reader.next()).toMatch(/"pending"/)
    controller.abort()
  })
})
