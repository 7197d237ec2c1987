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

/** Options as an untyped caller could write them. */
const untyped = (options: object): WatchOptions => options

const longest = 2 ** 31 - 1

/** A key, in the wrong place. */
const key = 'sk_live_0123456789abcdefg'

describe('defaults', () => {
  test('are those in the documentation', () => {
    const { apiKey, schedule, safetyNet, clock, random, ...rest } = settingsOf({})
    expect(rest).toEqual({
      baseUrl: 'https://app.onlyfansapi.com',
      fetch: platform.fetch,
      headers: {},
      retry: { retries: 21, base: 500, cap: 20_000 },
      attemptTimeout: 10_000,
      deadline: 3_600_000,
      notFoundGrace: 0,
      stalledAfter: undefined,
      budget: undefined,
      activity$: undefined,
      push: undefined,
      poll$: undefined,
      request: undefined,
      emit: 'changes',
      onUnknownStatus: 'fail',
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
    const nets = [0, 100_000, 1_000_000].map(elapsed =>
      safetyNet({ ...progress, elapsed, lastStatus }, () => 0),
    )
    expect(nets).toEqual([15_000, 100_000, 300_000])
    expect(safetyNet({ ...progress, lastStatus }, () => 1)).toBe(13_500)
  })

  test('replace undefined, and missing members of retry', () => {
    expect(settingsOf({ deadline: undefined }).deadline).toBe(3_600_000)
    expect(settingsOf({ retry: { retries: 1 } }).retry).toEqual({
      retries: 1,
      base: 500,
      cap: 20_000,
    })
  })

  test('read the key from the environment when it is needed', () => {
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

describe('valid options are accepted:', () => {
  test.each<[string, WatchOptions]>([
    ['the smallest numbers', { attemptTimeout: 1, deadline: 1, notFoundGrace: 0, stalledAfter: 1 }],
    ['the largest numbers', { attemptTimeout: longest, deadline: longest, notFoundGrace: longest }],
    ['no deadline', { deadline: Infinity }],
    ['no retries', { retry: { retries: 0, base: 0, cap: 0 } }],
    ['null as the key', { apiKey: null }],
    ['a key', { apiKey: 'key' }],
    ['headers', { headers: { 'x-request-id': 'a b', cookie: 'a=b; c="d"' } }],
    ['observables', { activity$: NEVER, poll$: NEVER, push: { statuses$: NEVER } }],
    [
      'a complete source of pushes',
      {
        push: {
          ...{ statuses$: NEVER, alive$: NEVER, latest: () => null },
          ...{ opened: () => () => undefined, polled: () => undefined },
        },
      },
    ],
    [
      'emit, signal, schedule and on',
      { emit: 'every', signal: AbortSignal.abort(), schedule: spaced(0), on: () => 0 },
    ],
    ['a budget', { budget: requestBudget({ perMinute: 1 }) }],
  ])('%s', (_, options) => {
    expect(settingsOf(options)).toMatchObject(
      typeof options.apiKey === 'string' || options.apiKey === null ? {} : options,
    )
  })

  test('header names become lower case, so that no header is sent twice', () => {
    expect(settingsOf({ headers: { Authorization: 'a', ACCEPT: 'b' } }).headers).toEqual({
      authorization: 'a',
      accept: 'b',
    })
  })

  test('a key that is a string or null becomes a function that returns it', () => {
    expect(settingsOf({ apiKey: 'key' }).apiKey()).toBe('key')
    expect(settingsOf({ apiKey: null }).apiKey()).toBeNull()
  })
})

const numbers = (least: number): string => `from ${String(least)} to ${String(longest)}`

const pushes = '{ statuses$ }, an observable of { account, upload, status }'

describe('an invalid option throws an error with its name, what it must be, and its kind:', () => {
  const outOfRange: ReadonlyArray<[string, object, string]> = [
    ...(['attemptTimeout', 'deadline'] as const).flatMap(name =>
      [0, -1, NaN, longest + 1].map((value): [string, object, string] => [
        name,
        { [name]: value },
        `${name} must be milliseconds ${numbers(1)}`,
      ]),
    ),
    ['attemptTimeout', { attemptTimeout: Infinity }, `milliseconds ${numbers(1)}, not Infinity`],
    ['stalledAfter', { stalledAfter: 0 }, `milliseconds ${numbers(1)}, not 0`],
    ['notFoundGrace', { notFoundGrace: -1 }, `milliseconds ${numbers(0)}, not -1`],
    ['notFoundGrace', { notFoundGrace: Infinity }, `milliseconds ${numbers(0)}, not Infinity`],
    ['retry.retries', { retry: { retries: -1 } }, `a whole number ${numbers(0)}, not -1`],
    ['retry.retries', { retry: { retries: 1.5 } }, `a whole number ${numbers(0)}, not 1.5`],
    ['retry.base', { retry: { base: NaN } }, `milliseconds ${numbers(0)}, not NaN`],
    ['retry.cap', { retry: { cap: longest + 1 } }, `milliseconds ${numbers(0)}, not 2147483648`],
  ]
  test.each(outOfRange)('%s: %p throws a RangeError', (name, options, message) => {
    expect(() => settingsOf(untyped(options))).toThrow(RangeError)
    expect(() => settingsOf(untyped(options))).toThrow(name)
    expect(() => settingsOf(untyped(options))).toThrow(message)
  })

  test.each<[object, string]>([
    [{ apiKey: ['key'] }, 'apiKey must be a function () => key, a string, or null, not a list'],
    [{ fetch: 'fetch' }, 'fetch must be a function (url, init) => Promise<Response>, not a string'],
    [{ headers: 'x' }, 'an object, a Headers, a Map, or pairs of strings, not a string'],
    [{ headers: null }, 'an object, a Headers, a Map, or pairs of strings, not null'],
    [{ headers: { 'x y': 'z' } }, 'headers must be legal names, each with one string'],
    [{ headers: { 'x:y': 'z' } }, 'headers must be legal names, each with one string'],
    [{ headers: { x: 'a\r\nb: c' } }, 'headers must be legal names, each with one string'],
    [{ headers: { x: 1 } }, 'headers must be legal names, each with one string'],
    [
      { schedule: 1_000 },
      'schedule must be a function (progress, random) => ms, not a number; for a fixed wait use spaced(1000)',
    ],
    [{ retry: null }, 'retry must be an object, not null'],
    [{ retry: 3 }, 'retry must be an object, not a number'],
    [
      { retry: { retries: '3' } },
      `retry.retries must be a whole number ${numbers(0)}, not a string`,
    ],
    [{ retry: { times: 1 } }, 'retry has no member named times; it may have retries, base, cap'],
    [{ attemptTimeout: '10s' }, `attemptTimeout must be milliseconds ${numbers(1)}, not a string`],
    [{ deadline: null }, `deadline must be milliseconds ${numbers(1)}, not null`],
    [{ budget: {} }, 'budget must be made by requestBudget, not an object'],
    [{ budget: null }, 'budget must be made by requestBudget, not null'],
    [{ activity$: true }, 'activity$ must be an Observable<boolean>, not a boolean'],
    [{ poll$: 1_000 }, 'poll$ must be an Observable, not a number'],
    [
      { safetyNet: 15_000 },
      'safetyNet must be a function (progress, random) => ms, not a number; for a fixed wait use spaced(1000)',
    ],
    ...(
      [
        ['alive$', 'an Observable<boolean>'],
        ['latest', 'a function (ref) => status or null'],
        ['opened', 'a function (ref) => () => void'],
        ['polled', 'a function (ref, status) => void'],
      ] as const
    ).map(([name, expected]): [object, string] => [
      { push: { statuses$: NEVER, [name]: true } },
      `push.${name} must be ${expected}, not a boolean`,
    ]),
    [{ push: null }, `push must be ${pushes}, not null`],
    [{ push: NEVER }, `push must be ${pushes}, not an object`],
    [{ push: { statuses$: () => NEVER } }, `push must be ${pushes}, not an object`],
    [{ push$: NEVER }, 'options has no member named push$; did you mean push?'],
    [{ request: {} }, 'request must be a function (ref) => Observable, not an object'],
    [{ onUnknownStatus: 'x' }, 'onUnknownStatus must be one of fail, continue, not another string'],
    [{ emit: 'always' }, 'emit must be one of changes, every, not another string'],
    [{ emit: 1 }, 'emit must be one of changes, every, not a number'],
    [{ signal: {} }, 'signal must be an AbortSignal, not an object'],
    [{ on: 'event' }, 'on must be a function (event) => void, not a string'],
    [{ random: {} }, 'random must be a function () => a number from 0 up to 1, not an object'],
    [{ clock: { now: () => 0 } }, 'clock must be a function () => ms, not an object'],
    [{ timeout: 1 }, 'options has no member named timeout; did you mean attemptTimeout?'],
    [{ Deadline: 1 }, 'options has no member named Deadline; did you mean deadline?'],
    [{ deadlines: undefined }, 'did you mean deadline?'],
    [{ interval: 1 }, 'options has no member named interval; it may have apiKey, baseUrl, fetch'],
    [{ [key]: 1 }, 'options has no such member; it may have apiKey'],
  ])('%p', (options, message) => {
    expect(() => settingsOf(untyped(options))).toThrow(TypeError)
    expect(() => settingsOf(untyped(options))).toThrow(message)
  })

  test.each([
    [null, 'null'],
    [60, 'a number'],
    [[], 'a list'],
    [() => 0, 'a function'],
  ])('%p as the options', (options, kind) => {
    expect(() => settingsOf(options as WatchOptions)).toThrow(
      new TypeError(`options must be an object, not ${kind}`),
    )
  })

  test('without its value, which may be a secret', () => {
    expect(() => settingsOf(untyped({ emit: 'secret' }))).toThrow(/^(?!.*secret)/)
    expect(() => settingsOf(untyped({ headers: { cookie: 'secret\n' } }))).toThrow(/^(?!.*secret)/)
  })

  test('from every function with options', () => {
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
