import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { take } from 'rxjs'
import { unreachable } from '../../src/failure/failure'
import type { FetchInit } from '../../src/http/fetch'
import browser from '../../src/platform/browser'
import { put, restore, stage } from './stage'

afterEach(restore)

const activity$ = browser.activity$ ?? (null as never)

/** Subscribes and records the values. The test unsubscribes. */
const record = () => {
  const values: boolean[] = []
  const listening = activity$.subscribe(isActive => values.push(isActive))
  return { values, listening }
}

describe('the activity of a page', () => {
  let stages = stage()

  beforeEach(() => {
    stages = stage()
    put(stages.globals)
  })

  test.each([
    [false, true, true],
    [true, true, false],
    [false, false, false],
    [true, false, false],
  ])('is emitted immediately: hidden %p, online %p, active %p', (hidden, onLine, isActive) => {
    stages.page.hidden = hidden
    stages.network.onLine = onLine
    const { values, listening } = record()
    expect(values).toEqual([isActive])
    listening.unsubscribe()
  })

  test('stops when the page is hidden and resumes when it is visible', () => {
    const { values, listening } = record()
    stages.turnPage(true)
    stages.turnPage(false)
    expect(values).toEqual([true, false, true])
    listening.unsubscribe()
  })

  test('stops when the browser goes offline and resumes when it is online', () => {
    const { values, listening } = record()
    stages.turnNetwork(false)
    stages.turnNetwork(true)
    expect(values).toEqual([true, false, true])
    listening.unsubscribe()
  })

  test('resumes only if the page is visible and the browser is online', () => {
    const { values, listening } = record()
    stages.turnPage(true)
    stages.turnNetwork(false)
    stages.turnPage(false)
    stages.turnNetwork(true)
    expect(values).toEqual([true, false, false, false, true])
    listening.unsubscribe()
  })

  test('is on if the browser does not report whether it is online', () => {
    Reflect.deleteProperty(stages.network, 'onLine')
    const { values, listening } = record()
    expect(values).toEqual([true])
    listening.unsubscribe()
  })

  test('has listeners only while it has subscribers', () => {
    expect(stages.listening()).toBe(0)
    const [one, two] = [record(), record()]
    expect(stages.listening()).toBe(4)
    one.listening.unsubscribe()
    expect(stages.listening()).toBe(3)
    two.listening.unsubscribe()
    expect(stages.listening()).toBe(0)
    stages.turnPage(true)
    stages.turnNetwork(false)
    expect([one.values, two.values]).toEqual([[true], [true]])
  })

  test('leaves no listener if a subscriber unsubscribes at the first value', () => {
    const recorded: boolean[] = []
    activity$.pipe(take(1)).subscribe(isActive => recorded.push(isActive))
    expect([recorded, stages.listening()]).toEqual([[true], 0])
  })
})

describe('the activity of a worker, which has no page', () => {
  test('depends only on whether the browser is online', () => {
    const { globals, turnNetwork, listening } = stage()
    put({ ...globals, document: undefined })
    const recorded = record()
    turnNetwork(false)
    turnNetwork(true)
    expect(recorded.values).toEqual([true, false, true])
    expect(listening()).toBe(2)
    recorded.listening.unsubscribe()
    expect(listening()).toBe(0)
  })
})

describe('the activity of a host without the globals of a browser', () => {
  test('is always on', () => {
    put({ document: undefined, navigator: undefined, addEventListener: undefined })
    const recorded = record()
    expect(recorded.values).toEqual([true])
    recorded.listening.unsubscribe()
  })
})

describe('the fetch of a browser', () => {
  const init: FetchInit = {
    method: 'GET',
    headers: {},
    redirect: 'manual',
    cache: 'no-store',
    signal: new AbortController().signal,
  }

  test('is the current global fetch at each call, so that a patch takes effect', async () => {
    const first = jest.fn<typeof fetch>().mockResolvedValue(new Response('first'))
    const second = jest.fn<typeof fetch>().mockResolvedValue(new Response('second'))
    put({ fetch: first })
    expect(await (await browser.fetch('https://api.example/', init)).text()).toBe('first')
    put({ fetch: second })
    expect(await (await browser.fetch('https://api.example/', init)).text()).toBe('second')
    expect(first.mock.calls).toEqual([['https://api.example/', init]])
    expect(second.mock.calls).toEqual([['https://api.example/', init]])
  })

  test('says what to pass if there is no global fetch', () => {
    put({ fetch: undefined })
    expect(() => browser.fetch('https://api.example/', init)).toThrow(
      new ReferenceError('there is no fetch here: pass one as the option fetch'),
    )
  })

  test('is called as a method of globalThis, as browsers require', async () => {
    const selves: unknown[] = []
    put({
      fetch: function (this: unknown) {
        selves.push(this)
        return Promise.resolve(new Response('{}'))
      },
    })
    await browser.fetch('https://api.example/', init)
    expect(selves[0]).toBe(globalThis)
  })
})

test('a browser never reads a key from the environment', () => {
  process.env['ONLYFANSAPI_API_KEY'] = 'sk_never'
  try {
    expect(browser.apiKey()).toBeUndefined()
  } finally {
    Reflect.deleteProperty(process.env, 'ONLYFANSAPI_API_KEY')
  }
})

test('a browser reads a standard stream', async () => {
  const read = browser.readerOf(new Response('abc').body)
  expect(Buffer.from((await read?.())?.value ?? []).toString()).toBe('abc')
  expect(browser.readerOf(null)).toBeNull()
})

test('a browser reports a lost connection as UNKNOWN, without its message', () => {
  const error = Object.assign(new TypeError('Bearer sk_1'), { code: 'CERT_HAS_EXPIRED' })
  expect(browser.failureOf(error, '')).toEqual(unreachable('UNKNOWN'))
  expect(browser.failureOf(new TypeError('Illegal invocation'), '')).toBeNull()
})
