import { describe, expect, test } from '@jest/globals'
import { NEVER } from 'rxjs'
import platform from '#platform'
import {
  createUploadStatusClient,
  requestBudget,
  uploadOutcome,
  uploadStatus$,
} from 'rx-upload-status'
import { settingsOf, type WatchOptions } from '../src/options'
import { defaultRetry } from '../src/watch/retry'
import { spaced } from '../src/watch/schedule'

/** Options as a caller without types could write them. */
const untyped = (options: object): WatchOptions => options

const longest = 2 ** 31 - 1

describe('defaults', () => {
  test('are those that the documentation names', () => {
    const { apiKey, schedule, clock, random, ...rest } = settingsOf({})
    expect(rest).toEqual({
      baseUrl: 'https://app.onlyfansapi.com',
      fetch: platform.fetch,
      headers: {},
      retry: { retries: 21, base: 500, cap: 20_000 },
      attemptTimeout: 10_000,
      deadline: 3_600_000,
      notFoundGrace: 0,
      budget: undefined,
      activity$: undefined,
      push: undefined,
      request: undefined,
      emit: 'changes',
      signal: undefined,
      on: undefined,
    })
    expect(apiKey).toBe(platform.apiKey)
    expect(random).toBe(Math.random)
    const before = performance.now()
    expect(clock()).toBeGreaterThanOrEqual(before)
    const progress = { polls: 1, elapsed: 10_000, unchangedFor: 0 }
    const lastStatus = { status: 'pending', prefixed_id: 'ofapi_media_1' } as const
    expect(schedule({ ...progress, lastStatus }, () => 0)).toBe(2_000)
    expect(schedule({ ...progress, lastStatus }, () => 1)).toBe(1_800)
  })

  test('stand in for undefined, and for the parts of retry that are left out', () => {
    expect(settingsOf({ deadline: undefined }).deadline).toBe(3_600_000)
    expect(settingsOf({ retry: { retries: 1 } }).retry).toEqual({
      retries: 1,
      base: 500,
      cap: 20_000,
    })
  })

  test('the key comes from the environment of the moment', () => {
    const before = process.env['ONLYFANSAPI_API_KEY']
    try {
      process.env['ONLYFANSAPI_API_KEY'] = 'key-1'
      expect(settingsOf({}).apiKey()).toBe('key-1')
    } finally {
      if (before === undefined) delete process.env['ONLYFANSAPI_API_KEY']
      else process.env['ONLYFANSAPI_API_KEY'] = before
    }
  })
})

describe('what makes sense is taken', () => {
  test.each<[string, WatchOptions]>([
    ['the least', { attemptTimeout: 1, deadline: 1, notFoundGrace: 0 }],
    ['the most', { attemptTimeout: longest, deadline: longest, notFoundGrace: longest }],
    ['an endless watch', { deadline: Infinity }],
    ['no retries', { retry: { retries: 0, base: 0, cap: 0 } }],
    ['no key', { apiKey: null }],
    ['a key', { apiKey: 'key' }],
    ['headers', { headers: { 'x-request-id': 'a b', cookie: 'a=b; c="d"' } }],
    ['observables', { activity$: NEVER, push: { statuses$: NEVER } }],
    ['the rest', { emit: 'every', signal: AbortSignal.abort(), schedule: spaced(0), on: () => 0 }],
    ['a budget', { budget: requestBudget({ perMinute: 1 }) }],
  ])('%s', (_, options) => {
    expect(settingsOf(options)).toMatchObject(
      typeof options.apiKey === 'string' || options.apiKey === null ? {} : options,
    )
  })

  test('header names are lower-cased, so that one of the user never stands beside one of ours', () => {
    expect(settingsOf({ headers: { Authorization: 'a', ACCEPT: 'b' } }).headers).toEqual({
      authorization: 'a',
      accept: 'b',
    })
  })

  test('a key that is a text or null becomes a function that gives it', () => {
    expect(settingsOf({ apiKey: 'key' }).apiKey()).toBe('key')
    expect(settingsOf({ apiKey: null }).apiKey()).toBeNull()
  })
})

describe('what makes no sense is refused at creation, by its name', () => {
  const outOfRange: ReadonlyArray<[keyof WatchOptions, object]> = [
    ...(['attemptTimeout', 'deadline'] as const).flatMap(name =>
      [0, -1, NaN, longest + 1].map((value): [keyof WatchOptions, object] => [
        name,
        { [name]: value },
      ]),
    ),
    ['attemptTimeout', { attemptTimeout: Infinity }],
    ['notFoundGrace', { notFoundGrace: -1 }],
    ['notFoundGrace', { notFoundGrace: Infinity }],
  ]
  test.each(outOfRange)('%s: %p', (name, options) => {
    expect(() => settingsOf(untyped(options))).toThrow(RangeError)
    expect(() => settingsOf(untyped(options))).toThrow(name)
  })

  const ofTheWrongKind: ReadonlyArray<[string, object]> = [
    ['apiKey', { apiKey: ['key'] }],
    ['fetch', { fetch: 'fetch' }],
    ['headers', { headers: 'x' }],
    ['headers', { headers: { 'x y': 'z' } }],
    ['headers', { headers: { 'x:y': 'z' } }],
    ['headers', { headers: { x: 'a\r\nb: c' } }],
    ['headers', { headers: { x: 1 } }],
    ['schedule', { schedule: {} }],
    ['retry', { retry: null }],
    ['retry', { retry: { retries: -1 } }],
    ['retry', { retry: { base: NaN } }],
    ['retry', { retry: { cap: longest + 1 } }],
    ['retry', { retry: { times: 1 } }],
    ['attemptTimeout', { attemptTimeout: '10s' }],
    ['budget', { budget: {} }],
    ['activity$', { activity$: true }],
    ['push', { push: null }],
    ['push', { push: NEVER }],
    ['push', { push: { statuses$: () => NEVER } }],
    ['request', { request: {} }],
    ['use push: { statuses$ }', { push$: NEVER }],
    ['emit', { emit: 'always' }],
    ['signal', { signal: {} }],
    ['on', { on: 'event' }],
    ['random', { random: {} }],
    ['clock', { clock: { now: () => 0 } }],
    ['timeout', { timeout: 1 }],
  ]
  test.each(ofTheWrongKind)('%s: %p', (name, options) => {
    expect(() => settingsOf(untyped(options))).toThrow(TypeError)
    expect(() => settingsOf(untyped(options))).toThrow(name)
  })

  test('and without its value, which may be a secret', () => {
    expect(() => settingsOf(untyped({ emit: 'secret' }))).toThrow(/^(?!.*secret)/)
    expect(() => settingsOf(untyped({ headers: { cookie: 'secret\n' } }))).toThrow(/^(?!.*secret)/)
  })

  test('by every function that takes options', () => {
    const bad = { deadline: -1 }
    expect(() => uploadStatus$('acct_1', 'ofapi_media_1', bad)).toThrow(RangeError)
    expect(() => uploadOutcome('acct_1', 'ofapi_media_1', bad)).toThrow(RangeError)
    expect(() => createUploadStatusClient(bad)).toThrow(RangeError)
  })
})

test('a member of retry that is undefined has its default', () => {
  expect(settingsOf({ retry: { retries: 2, base: undefined } }).retry).toEqual({
    ...defaultRetry,
    retries: 2,
  })
})
