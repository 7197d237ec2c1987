import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { isRight, left, right } from 'fp-ts/Either'
import { identity, noop } from 'rxjs'
import { invalidRequest, malformed, timedOut, unreachable } from '../../src/failure/failure'
import type { ApiKey } from '../../src/http/apiKey'
import { classify } from '../../src/api/classify'
import type { Fetch, FetchInit, FetchResponse } from '../../src/http/fetch'
import type { RefusedKey } from '../../src/http/refusedKey'
import { request$ } from '../../src/http/request'
import { ref } from '../answers'
import { marbles } from '../marbles'
import {
  key,
  bodyCap,
  settings,
  type Result,
  ask,
  answerOf,
  failureOf,
  shown,
  response,
} from './ask'

describe('any fetch', () => {
  const url = 'https://api.example/status'

  test('is called once, without this, and with redirect and cache disabled', async () => {
    const calls: { readonly self: unknown; readonly url: string; readonly init: FetchInit }[] = []
    const fetch: Fetch = function (this: unknown, input, init) {
      calls.push({ self: this, url: input, init })
      return Promise.resolve(response('{}'))
    }
    await ask(url, { fetch })
    const init = {
      method: 'GET',
      headers: { accept: 'application/json', authorization: `Bearer ${key}` },
      redirect: 'manual',
      cache: 'no-store',
      signal: expect.any(AbortSignal),
    }
    expect(calls).toMatchObject([{ self: undefined, url, init }])
    // A copy has the signal too.
    expect(Object.keys({ ...calls[0]?.init }).sort()).toEqual(Object.keys(init).sort())
    expect({ ...calls[0]?.init }.signal).toBe(calls[0]?.init.signal)
  })

  test('may return a body that cannot be streamed', async () => {
    const fetch: Fetch = () => Promise.resolve(response('\uFEFF{"a":1}'))
    expect(answerOf(await ask(url, { fetch })).body).toEqual(right({ a: 1 }))
    const large: Fetch = () => Promise.resolve(response('x'.repeat(bodyCap + 1)))
    expect(answerOf(await ask(url, { fetch: large })).body).toEqual(left(malformed('oversized')))
  })

  test('may hide the status of a redirect', async () => {
    const text = jest.fn<() => Promise<string>>()
    const fetch: Fetch = () =>
      Promise.resolve(response('', { status: 0, type: 'opaqueredirect', text }))
    const answer = answerOf(await ask(url, { fetch }))
    expect(failureOf(classify(ref.upload, answer))).toMatchObject({ _tag: 'Rejected', status: 0 })
    expect(text).not.toHaveBeenCalled()
  })

  test.each([
    [200, 1],
    [299, 1],
    [300, 0],
    [304, 0],
    [399, 0],
    [400, 1],
    [599, 1],
  ])('that answers %d has its body read %d times', async (status, times) => {
    const text = jest.fn(() => Promise.resolve('{"a":1}'))
    const fetch: Fetch = () => Promise.resolve(response('', { status, text }))
    expect(answerOf(await ask(url, { fetch })).status).toBe(status)
    expect(text).toHaveBeenCalledTimes(times)
  })

  const leaking = `authorization: Bearer ${key} is not a legal header`

  test.each<[string, Fetch, string]>([
    ['rejects', () => Promise.reject(new Error(leaking)), 'UNKNOWN'],
    [
      'rejects with a code',
      () => Promise.reject(Object.assign(new Error(leaking), { code: 'ECONNRESET' })),
      'ECONNRESET',
    ],
    [
      'rejects with a cause',
      () =>
        Promise.reject(
          new TypeError(leaking, {
            cause: Object.assign(new Error(leaking), { code: 'UND_ERR_SOCKET' }),
          }),
        ),
      'UND_ERR_SOCKET',
    ],
    [
      'rejects with the key as code',
      () => Promise.reject(Object.assign(new Error(leaking), { code: key })),
      'UNKNOWN',
    ],
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    ['rejects with a string', () => Promise.reject(leaking), 'UNKNOWN'],
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    ['rejects with undefined', () => Promise.reject(), 'UNKNOWN'],
    [
      'fails while the body is read',
      () => Promise.resolve(response('', { text: () => Promise.reject(new Error(leaking)) })),
      'UNKNOWN',
    ],
  ])('that %s counts as unreachable, without showing its message', async (_, fetch, code) => {
    const result = await ask(url, { fetch })
    expect(isRight(result) ? result.right.body : result).toEqual(left(unreachable(code)))
    expect(shown(result)).not.toContain(key)
  })

  test.each([
    ['before the answer', (error: Error) => Promise.reject<FetchResponse>(error)],
    [
      'while the body is read',
      (error: Error) =>
        Promise.resolve(response('', { text: () => Promise.reject<string>(error) })),
    ],
  ])('that rejects %s with a key in its code hides the key', async (_, fails) => {
    const loud = 'SK_LIVE_4711_0815'
    const error = Object.assign(new Error(), { code: `E_${loud}` })
    const result = await ask(url, { fetch: () => fails(error), apiKey: () => loud })
    expect(isRight(result) ? result.right.body : result).toEqual(left(unreachable('E_[key]')))
  })

  test.each<[string, Partial<FetchResponse>, ApiKey, number]>([
    ['a 401', { status: 401 }, () => key, 1],
    ['a 401 without a key', { status: 401 }, () => null, 0],
    ['a 401 with a page', { status: 401, text: () => Promise.resolve('<html>') }, () => key, 0],
    ['a 200', {}, () => key, 0],
    ['a 403', { status: 403 }, () => key, 0],
    ['a 404', { status: 404 }, () => key, 0],
  ])(
    'that answers %s has its key checked again only if it was refused',
    async (_, part, apiKey, times) => {
      const recheck = jest.fn<RefusedKey['recheck']>((_key, answer) => Promise.resolve(answer))
      const refusedKey = { recheck, unlessRefused$: identity }
      await ask(url, { fetch: () => Promise.resolve(response('{}', part)), apiKey, refusedKey })
      expect(recheck).toHaveBeenCalledTimes(times)
    },
  )

  const bug = (): never => {
    throw new TypeError(leaking)
  }

  test.each<[string, Fetch]>([
    ['throws', bug],
    ['rejects with a TypeError', () => Promise.reject(new TypeError(leaking))],
    ['rejects with a ReferenceError', () => Promise.reject(new ReferenceError(leaking))],
    [
      'rejects because of a TypeError',
      () => Promise.reject(new TypeError('fetch failed', { cause: new TypeError(leaking) })),
    ],
    [
      'throws when the body is read',
      () => Promise.resolve(response('', { body: { getReader: bug } })),
    ],
    ['throws when the text is read', () => Promise.resolve(response('', { text: bug }))],
  ])('that %s causes a defect, without showing the key', async (_, fetch) => {
    const error: unknown = await ask(url, { fetch }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect(inspect(error)).toMatch(/(?:Type|Reference)Error: /)
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(key)
  })

  test('that refuses a header does not show its value', async () => {
    const headers = { 'x-tenant': 'secret-of-a-tenant' }
    const fetch: Fetch = (_, init) =>
      Promise.reject(new TypeError(`"${String(init.headers['x-tenant'])}" is not a legal value`))
    await expect(ask(url, { fetch, headers })).rejects.toThrow('"[header]" is not a legal value')
  })

  test('that resolves without a response causes a defect', async () => {
    const fetch = (() => Promise.resolve(undefined)) as unknown as Fetch
    await expect(ask(url, { fetch })).rejects.toThrow(
      new TypeError('the result of fetch must be a Response, not undefined'),
    )
  })

  test('that resolves with an incomplete response causes a defect', async () => {
    const stub = { ok: true, status: 200, json: () => Promise.resolve({ status: 'pending' }) }
    const fetch = (() => Promise.resolve(stub)) as unknown as Fetch
    await expect(ask(url, { fetch })).rejects.toThrow(
      new TypeError('the result of fetch must be a Response, not an object'),
    )
  })
})

describe('the key of a request', () => {
  test.each<[string, ApiKey, string]>([
    [
      'is missing',
      () => undefined,
      'is missing: set the option apiKey or, in Node, the variable ONLYFANSAPI_API_KEY',
    ],
    ['has a line break', () => `${key}\r\nx-evil: 1`, 'must be visible ASCII without spaces'],
    ['has an umlaut', () => 'sk_ü', 'must be visible ASCII without spaces'],
    [
      'cannot be read',
      () => Promise.reject(new Error(key)),
      'could not be read: its function threw or rejected',
    ],
  ])('that %s is not sent, nor is the request', async (_, apiKey, why) => {
    const fetch = jest.fn<Fetch>()
    const result = await ask('https://api.example/', { fetch, apiKey })
    expect(result).toEqual(left(invalidRequest('apiKey', why)))
    expect(fetch).not.toHaveBeenCalled()
  })

  test('that never arrives times out, and nothing is sent', () => {
    const fetch = jest.fn<Fetch>()
    const ended = marbles(({ expectObservable }) => {
      const asked$ = request$('https://api.example/', {
        ...settings,
        fetch,
        apiKey: () => new Promise(noop),
        attemptTimeout: 1_000,
      })
      expectObservable(asked$).toBe('1s (a|)', { a: left(timedOut('apiKey', 1_000)) })
    })
    expect(ended).toBe(1_000)
    expect(fetch).not.toHaveBeenCalled()
  })
})

describe('the attempt timeout', () => {
  beforeEach(() => {
    jest.useFakeTimers()
  })

  afterEach(() => {
    jest.useRealTimers()
  })

  const later = <A>(ms: number, value: A): Promise<A> =>
    new Promise(resolve => {
      setTimeout(() => {
        resolve(value)
      }, ms)
    })

  /** The time of the value if the phases take that long, and whether the request was aborted. */
  const time = async (apiKey: number, headers: number, body: number) => {
    const start = Date.now()
    let signal: AbortSignal | undefined
    const seen: { readonly at: number; readonly value: Result }[] = []
    const asking = request$('https://api.example/', {
      apiKey: () => later(apiKey, key),
      fetch: (_, init) => {
        signal = init.signal
        return later(headers, response('', { status: 503, text: () => later(body, '{}') }))
      },
      headers: {},
      attemptTimeout: 10_000,
    }).subscribe(value => seen.push({ at: Date.now() - start, value }))
    await jest.advanceTimersByTimeAsync(60_000)
    expect(asking.closed).toBe(true)
    expect(seen).toHaveLength(1)
    return { ...seen[0], aborted: signal?.aborted }
  }

  test('spans the key, the head and the body', async () => {
    expect(await time(3_000, 3_000, 3_000)).toMatchObject({ at: 9_000, value: right({}) })
    expect(jest.getTimerCount()).toBe(0)
  })

  test.each([
    ['key', 11_000, 0, 0, left(timedOut('apiKey', 10_000)), undefined],
    ['head', 6_000, 6_000, 0, left(timedOut('headers', 10_000)), true],
    [
      'body',
      4_000,
      4_000,
      4_000,
      right({ status: 503, body: left(timedOut('body', 10_000)) }),
      true,
    ],
  ] as const)(
    'expires during the %s, and later results are ignored',
    async (_, apiKey, headers, body, value, aborted) => {
      const seen = await time(apiKey, headers, body)
      expect(seen).toMatchObject({ at: 10_000, value })
      expect(seen.aborted).toBe(aborted)
      expect(jest.getTimerCount()).toBe(0)
    },
  )
})
