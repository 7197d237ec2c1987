import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { take } from 'rxjs'
import { unreachable } from '../../src/failure/failure'
import type { FetchInit } from '../../src/http/fetch'
import browser from '../../src/platform/browser'
import { put, restore, stage } from './stage'

afterEach(restore)

const activity$ = browser.activity$ ?? (null as never)

/** What it says, from a subscription that a test ends itself. */
const hear = () => {
  const said: boolean[] = []
  const listening = activity$.subscribe(isActive => said.push(isActive))
  return { said, listening }
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
  ])('is said at once: hidden %p, online %p, so %p', (hidden, onLine, isActive) => {
    stages.page.hidden = hidden
    stages.network.onLine = onLine
    const { said, listening } = hear()
    expect(said).toEqual([isActive])
    listening.unsubscribe()
  })

  test('stops when the page is hidden and goes on when it is shown', () => {
    const { said, listening } = hear()
    stages.turnPage(true)
    stages.turnPage(false)
    expect(said).toEqual([true, false, true])
    listening.unsubscribe()
  })

  test('stops when the browser goes offline and goes on when it is online', () => {
    const { said, listening } = hear()
    stages.turnNetwork(false)
    stages.turnNetwork(true)
    expect(said).toEqual([true, false, true])
    listening.unsubscribe()
  })

  test('goes on only where the page is shown and the browser online', () => {
    const { said, listening } = hear()
    stages.turnPage(true)
    stages.turnNetwork(false)
    stages.turnPage(false)
    stages.turnNetwork(true)
    expect(said).toEqual([true, false, false, false, true])
    listening.unsubscribe()
  })

  test('is not given up where the browser does not know whether it is online', () => {
    Reflect.deleteProperty(stages.network, 'onLine')
    const { said, listening } = hear()
    expect(said).toEqual([true])
    listening.unsubscribe()
  })

  test('has listeners only while it has subscribers', () => {
    expect(stages.listening()).toBe(0)
    const [one, two] = [hear(), hear()]
    expect(stages.listening()).toBe(4)
    one.listening.unsubscribe()
    expect(stages.listening()).toBe(3)
    two.listening.unsubscribe()
    expect(stages.listening()).toBe(0)
    stages.turnPage(true)
    stages.turnNetwork(false)
    expect([one.said, two.said]).toEqual([[true], [true]])
  })

  test('leaves no listener if a subscriber unsubscribes at the first value', () => {
    const heard: boolean[] = []
    activity$.pipe(take(1)).subscribe(isActive => heard.push(isActive))
    expect([heard, stages.listening()]).toEqual([[true], 0])
  })
})

describe('the activity of a worker, which has no page', () => {
  test('is whether it is online', () => {
    const { globals, turnNetwork, listening } = stage()
    put({ ...globals, document: undefined })
    const heard = hear()
    turnNetwork(false)
    turnNetwork(true)
    expect(heard.said).toEqual([true, false, true])
    expect(listening()).toBe(2)
    heard.listening.unsubscribe()
    expect(listening()).toBe(0)
  })
})

describe('the activity of a host that only counts as a browser', () => {
  test('is always on where there is nothing to listen to', () => {
    put({ document: undefined, navigator: undefined, addEventListener: undefined })
    const heard = hear()
    expect(heard.said).toEqual([true])
    heard.listening.unsubscribe()
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

  test('is the one that is there when it is called, so that a patch is honoured', async () => {
    const first = jest.fn<typeof fetch>().mockResolvedValue(new Response('first'))
    const second = jest.fn<typeof fetch>().mockResolvedValue(new Response('second'))
    put({ fetch: first })
    expect(await (await browser.fetch('https://api.example/', init)).text()).toBe('first')
    put({ fetch: second })
    expect(await (await browser.fetch('https://api.example/', init)).text()).toBe('second')
    expect(first.mock.calls).toEqual([['https://api.example/', init]])
    expect(second.mock.calls).toEqual([['https://api.example/', init]])
  })

  test('says what to pass where there is none', () => {
    put({ fetch: undefined })
    expect(() => browser.fetch('https://api.example/', init)).toThrow(
      new ReferenceError('there is no fetch here: pass one as the option fetch'),
    )
  })

  test('is called on the global, where alone it may be called', async () => {
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

test('a browser never has a key', () => {
  process.env['ONLYFANSAPI_API_KEY'] = 'sk_never'
  try {
    expect(browser.apiKey()).toBeUndefined()
  } finally {
    Reflect.deleteProperty(process.env, 'ONLYFANSAPI_API_KEY')
  }
})

test('a browser reads the standard stream', async () => {
  const read = browser.readerOf(new Response('abc').body)
  expect(Buffer.from((await read?.())?.value ?? []).toString()).toBe('abc')
  expect(browser.readerOf(null)).toBeNull()
})

test('a browser tells nothing of a lost connection, and its message is not shown', () => {
  const error = Object.assign(new TypeError('Bearer sk_1'), { code: 'CERT_HAS_EXPIRED' })
  expect(browser.failureOf(error, '')).toEqual(unreachable('UNKNOWN'))
  expect(browser.failureOf(new TypeError('Illegal invocation'), '')).toBeNull()
})
