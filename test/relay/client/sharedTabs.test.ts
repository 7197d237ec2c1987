import { describe, expect, jest, test } from '@jest/globals'
import { isLeft, right } from 'fp-ts/Either'
import { BehaviorSubject, of, Subject, Subscription } from 'rxjs'
import type { UploadStatus } from 'rx-upload-status'
import {
  relayedSource,
  sharedTabs,
  type RelayedOptions,
  type Tabs,
} from 'rx-upload-status/relay/client'
import type { Fetch } from '../../../src/http/fetch'
import { tabsOf } from '../../../src/relay/client/sharedTabs'
import { whileHeld$ } from '../../../src/relay/client/whileHeld'
import { pass, stopTime } from '../../random/promiseTime'
import { fakeBrowser, type FakeTab } from './fakeBrowser'

const encoder = new TextEncoder()

/** A relay whose statuses a test emits: each stream begins with the latest ones. */
const relay = () => {
  const latest$ = new BehaviorSubject<ReadonlyMap<string, UploadStatus['status']>>(new Map())
  const requests: {
    readonly by: string
    readonly uploads: readonly string[]
    readonly isOpen: () => boolean
  }[] = []
  const fetchOf =
    (by: string): Fetch =>
    async (url, { signal }) => {
      const refs = new URL(url).searchParams.getAll('ref')
      const uploads = refs.map(name => name.split('/')[1] ?? '')
      requests.push({ by, uploads, isOpen: () => !signal.aborted })
      const body = new ReadableStream<Uint8Array>({
        start: controller => {
          latest$.subscribe(latest => {
            if (signal.aborted) return
            const lines = uploads.map(upload => {
              const status = latest.get(upload) ?? 'pending'
              const value = { status, prefixed_id: upload, media: { id: 7 }, error: 'No.' }
              return `data: ${JSON.stringify({ account: 'a', upload, status: right(value) })}\n\n`
            })
            controller.enqueue(encoder.encode(lines.join('')))
          })
        },
      })
      return Promise.resolve(
        new Response(body, { headers: { 'content-type': 'text/event-stream' } }),
      )
    }
  return {
    requests,
    fetchOf,
    emit: (status: UploadStatus['status'], ...uploads: readonly string[]): void => {
      latest$.next(new Map([...latest$.value, ...uploads.map(each => [each, status] as const)]))
    },
    /** The open streams: the tab and the uploads of each. */
    open: (): readonly string[] =>
      requests.flatMap(({ by, uploads, isOpen }) =>
        isOpen() ? [`${by}: ${[...uploads].sort().join(' ')}`] : [],
      ),
  }
}

type Relay = ReturnType<typeof relay>

/** Follows uploads in a tab. Returns what it received, in order. */
const follow = (
  tab: FakeTab | null,
  fetch: Fetch,
  uploads: readonly string[],
  {
    user = 'user_7',
    url = '/live',
    ...options
  }: RelayedOptions & { user?: string; url?: string } = {},
) => {
  const seen: string[] = []
  const tabs = tabsOf(tab === null ? null : tab.browser, user)
  const source = relayedSource(`https://relay.example${url}`, { fetch, tabs, ...options })
  const following = source
    .uploadStatuses$(uploads.map(upload => ({ account: 'a', upload })))
    .subscribe({
      next: ({ upload, status }) => {
        seen.push(`${upload} ${isLeft(status) ? status.left._tag : status.right.status}`)
      },
      complete: () => seen.push('complete'),
      error: (defect: unknown) => seen.push(String(defect)),
    })
  return {
    seen,
    leave: () => {
      following.unsubscribe()
    },
  }
}

stopTime()

/** Three tabs of one user: `one` leads, and each follows an upload of its own and a common one. */
const threeTabs = async ({ fetchOf }: Relay, options: RelayedOptions = {}) => {
  const browser = fakeBrowser()
  const open = async (name: string) => {
    const tab = browser.openTab()
    const followed = follow(tab, fetchOf(name), [name, 'common'], options)
    await pass(500)
    return { ...tab, ...followed }
  }
  return { browser, one: await open('one'), two: await open('two'), three: await open('three') }
}

describe('tabs of one user', () => {
  test('share one stream of all their uploads, and release their locks and channels at the end', async () => {
    const { open, emit, ...rest } = relay()
    const { browser, one, two, three } = await threeTabs({ open, emit, ...rest })
    expect(open()).toEqual(['one: common one three two'])
    two.leave()
    await pass(1_000)
    expect(open()).toEqual(['one: common one three'])
    emit('completed', 'one', 'three', 'common')
    await pass(5_000)
    const [first = '', second = '', ...ends] = one.seen
    expect([first, second].sort()).toEqual(['common pending', 'one pending'])
    expect(ends.slice(0, 2).sort()).toEqual(['common completed', 'one completed'])
    expect(ends.slice(2)).toEqual(['complete'])
    expect([...two.seen].sort()).toEqual(['common pending', 'two pending'])
    expect(three.seen.at(-1)).toBe('complete')
    expect([browser.locks(), browser.channels(), open()]).toEqual([[], 0, []])
  })

  test.each(['leaves', 'crashes', 'freezes'] as const)(
    'elect a new leader within 2 s if the leader %s, and lose no status',
    async how => {
      const world = relay()
      const { one, two, three } = await threeTabs(world)
      if (how === 'leaves') one.leave()
      else if (how === 'crashes') one.crash()
      else one.browser.page.dispatchEvent(new Event('freeze'))
      world.emit('processing', 'common')
      await pass(2_000)
      const own = how === 'freezes' ? 'common one three two' : 'common three two'
      expect(world.open().filter(stream => how !== 'crashes' || !stream.startsWith('one'))).toEqual(
        [`two: ${own}`],
      )
      world.emit('completed', 'two', 'three', 'common')
      await pass(100)
      for (const tab of [two, three]) {
        expect(tab.seen.filter(each => each.startsWith('common'))).toEqual([
          'common pending',
          'common processing',
          'common completed',
        ])
        expect(tab.seen.at(-1)).toBe('complete')
      }
      if (how !== 'freezes') return
      // When it resumes, it waits until it may lead.
      one.browser.page.dispatchEvent(new Event('resume'))
      world.emit('completed', 'one')
      await pass(5_000)
      expect(one.seen.at(-1)).toBe('complete')
    },
  )

  test('drop the uploads of a tab that crashes', async () => {
    const world = relay()
    const { two } = await threeTabs(world)
    two.crash()
    await pass(1_000)
    expect(world.open()).toEqual(['one: common one three'])
  })

  test('elect a new leader within 2 s of a request if the leader hangs', async () => {
    const world = relay()
    const { one, two, three, browser } = await threeTabs(world, { silence: 20_000 })
    one.hang()
    world.emit('processing', 'common')
    await pass(1_000)
    const late = follow(browser.openTab(), world.fetchOf('late'), ['common'])
    await pass(2_000)
    expect(late.seen).toEqual(['common processing'])
    expect(two.seen.at(-1)).toBe('common processing')
    // When it wakes, it detects that it no longer leads, and closes its stream.
    one.wake()
    await pass(1_000)
    expect(world.open()).toHaveLength(1)
    world.emit('completed', 'one', 'two', 'three', 'common')
    await pass(25_000)
    for (const { seen } of [two, three, one, late]) expect(seen.at(-1)).toBe('complete')
  })

  test('detect a hanging leader by its silence', async () => {
    const world = relay()
    const { one, two } = await threeTabs(world, { silence: 20_000 })
    one.hang()
    world.emit('completed', 'two', 'common')
    await pass(23_000)
    expect(two.seen.at(-1)).toBe('complete')
  })

  test('ignore invalid messages', async () => {
    const world = relay()
    const { browser, two } = await threeTabs(world)
    for (const nonsense of [null, 'x', {}, { id: 7 }, { id: null }, { id: 'x', data: 7 }])
      browser.postToAll(nonsense)
    browser.postToAll({ id: 'x', lock: 'y', refs: [{ account: 'a' }] })
    browser.postToAll({ id: 'x', lock: 'y', refs: 'all' })
    world.emit('completed', 'two', 'common')
    await pass(500)
    expect(two.seen.at(-1)).toBe('complete')
    expect(world.open()).toHaveLength(1)
  })

  test('all receive a failure as a value, and a bug as an error', async () => {
    const browser = fakeBrowser()
    const refuse: Fetch = () => Promise.resolve(new Response(null, { status: 403 }))
    const bug: Fetch = () => Promise.resolve({} as Response)
    for (const [fetch, ending] of [
      [refuse, ['x Rejected', 'complete']],
      [bug, [expect.stringMatching(/^TypeError/)]],
    ] as const) {
      const [one, two] = [browser.openTab(), browser.openTab()].map(tab =>
        follow(tab, fetch, ['x']),
      )
      await pass(3_000)
      expect([one?.seen, two?.seen]).toEqual([ending, ending])
    }
  })

  test('update the shared stream when their uploads change', async () => {
    const world = relay()
    const { browser, one } = await threeTabs(world)
    const uploads$ = new Subject<{ account: string; upload: string }>()
    const options = {
      fetch: world.fetchOf('four'),
      tabs: tabsOf(browser.openTab().browser, 'user_7'),
    }
    const source = relayedSource('https://relay.example/live', options)
    const following = source.uploadStatuses$(uploads$).subscribe()
    uploads$.next({ account: 'a', upload: 'x' })
    await pass(500)
    uploads$.next({ account: 'a', upload: 'y' })
    await pass(500)
    expect(world.open()).toEqual(['one: common one three two x y'])
    world.emit('completed', 'x')
    await pass(500)
    uploads$.next({ account: 'a', upload: 'z' })
    await pass(1_000)
    expect(world.open()).toEqual(['one: common one three two y z'])
    following.unsubscribe()
    one.leave()
    await pass(3_000)
    expect(world.open()).toEqual(['two: common three two'])
  })

  test('pause each by their own activity$', async () => {
    const world = relay()
    const browser = fakeBrowser()
    const activity$ = new BehaviorSubject(true)
    follow(browser.openTab(), world.fetchOf('one'), ['x'], { activity$ })
    await pass(500)
    follow(browser.openTab(), world.fetchOf('two'), ['x'], { activity$: of(true) })
    await pass(500)
    expect(world.open()).toEqual(['one: x'])
    activity$.next(false)
    await pass(1_000)
    expect(world.open()).toEqual(['two: x'])
    activity$.next(true)
    await pass(6_000)
    expect(world.open()).toEqual(['two: x'])
  })
})

describe('tabs do not share a stream', () => {
  const streams = async (
    first: Parameters<typeof follow>[3],
    second: Parameters<typeof follow>[3],
  ): Promise<number> => {
    const world = relay()
    const browser = fakeBrowser()
    follow(browser.openTab(), world.fetchOf('one'), ['x'], first)
    follow(browser.openTab(), world.fetchOf('two'), ['x'], second)
    await pass(1_000)
    return world.open().length
  }

  test('unless their user, address and headers are the same', async () => {
    const token = { authorization: 'Bearer a', x: '1' }
    expect(
      await streams({ headers: token }, { headers: { x: '1', authorization: 'Bearer a' } }),
    ).toBe(1)
    expect(await streams({ headers: token }, { headers: { ...token, x: '2' } })).toBe(2)
    expect(await streams({}, { user: 'user_8' })).toBe(2)
    expect(await streams({}, { url: '/other' })).toBe(2)
  })

  test('without locks and channels, or if the browser refuses them', async () => {
    const world = relay()
    follow(null, world.fetchOf('one'), ['x'])
    follow(null, world.fetchOf('two'), ['x'])
    const tab = fakeBrowser().openTab()
    const refused = {
      request: () => Promise.reject(new DOMException('no origin', 'SecurityError')),
    } as unknown as LockManager
    const framed = { ...tab, browser: { ...tab.browser, locks: refused } }
    const { seen } = follow(framed, world.fetchOf('three'), ['x'])
    await pass(500)
    expect(world.open()).toEqual(['one: x', 'two: x', 'three: x'])
    expect(seen).toEqual(['x pending'])
  })

  test('without a valid user', () => {
    const no = (user: unknown) => () => sharedTabs(user as string)
    expect(no('')).toThrow(RangeError)
    expect(no(7)).toThrow('user must be a string, not a number')
    expect(() => relayedSource('/live', { tabs: 'user_7' as unknown as Tabs })).toThrow(
      'tabs must be what sharedTabs(user) returned',
    )
  })
})

test('sharedTabs uses the locks and channels of the browser', async () => {
  const world = relay()
  const { browser } = fakeBrowser().openTab()
  const { locks, crypto, page, channelOf } = browser
  // `new` returns the object that this function returns.
  function Channel(name: string): BroadcastChannel {
    return channelOf(name)
  }
  const globals = { crypto, document: page, navigator: { locks }, BroadcastChannel: Channel }
  const before = Object.keys(globals).map(
    name => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
  )
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, configurable: true })
  try {
    const tabs = sharedTabs('user_7')
    for (const by of ['one', 'two']) {
      const source = relayedSource('https://relay.example/', { fetch: world.fetchOf(by), tabs })
      source.uploadStatus$('a', 'x').subscribe()
    }
    await pass(1_000)
    expect(world.open()).toHaveLength(1)
  } finally {
    for (const [name, descriptor] of before)
      if (descriptor === undefined) Reflect.deleteProperty(globalThis, name)
      else Object.defineProperty(globalThis, name, descriptor)
  }
})

test('whileHeld$ releases a lock that is granted after unsubscribe', async () => {
  const { openTab, locks } = fakeBrowser()
  const work = jest.fn(() => Subscription.EMPTY)
  whileHeld$(openTab().browser.locks, 'a', false, work).subscribe().unsubscribe()
  await pass(50)
  expect([work.mock.calls, locks()]).toEqual([[], []])
})
