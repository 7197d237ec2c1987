import { describe, expect, test } from '@jest/globals'
import { inFakeTime, pass, setWallClock, today } from '../faults/fakeTime'
import { completed, ref } from '../answers'
import { delivery, ended, logged } from './deliveries'
import { memoryStore, type DedupStore } from '../../src/webhook/dedupStore'

/** Waits until pending promises have settled. */
const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

const passAndSettle = async (ms: number): Promise<void> => {
  pass(ms)
  await settled()
}

const other = { event: 'posts.created', account_id: 'acct_1', payload: {} }

/** A webhook, and the values of `alive$` so far. */
const watched = (options: Parameters<typeof logged>[0] = {}) => {
  const { webhook, events } = logged(options)
  const alive: boolean[] = []
  webhook.alive$.subscribe(value => alive.push(value))
  return {
    webhook,
    events,
    alive,
    polled: (polled = ref) => {
      webhook.polled(polled, completed)
    },
  }
}

describe('alive$', () => {
  inFakeTime()

  test('is true after the first verified delivery of any event', async () => {
    const { webhook, alive } = watched()
    expect(alive).toEqual([false])
    await webhook(delivery(other, {}))
    await webhook(delivery('no JSON', {}))
    expect(alive).toEqual([false])
    await webhook(delivery(other))
    await webhook(delivery(other))
    expect(alive).toEqual([false, true])
  })

  test('is false when a poll finds a terminal status whose event does not arrive within `lag`', async () => {
    const { webhook, alive, events, polled } = watched()
    await webhook(delivery(other))
    polled()
    await passAndSettle(14_999)
    expect(alive).toEqual([false, true])
    await passAndSettle(1)
    expect(alive).toEqual([false, true, false])
    expect(events.at(-1)).toEqual({ _tag: 'AliveChanged', alive: false, reason: 'missed' })
    await webhook(delivery(other))
    expect(alive).toEqual([false, true, false, true])
  })

  test('stays true if the event arrives within `lag`', async () => {
    const { webhook, alive, polled } = watched()
    await webhook(delivery(other))
    polled()
    polled()
    pass(14_999)
    await webhook(delivery(ended()))
    await passAndSettle(60_000)
    expect(alive).toEqual([false, true])
  })

  test('stays true if the event arrived before the poll, even if the store has failed since', async () => {
    let isDown = false
    const store = memoryStore()
    const claim: DedupStore['claim'] = (key, ms) =>
      isDown ? Promise.reject(new Error('down')) : store.claim(key, ms)
    const { webhook, alive, polled } = watched({ store: { ...store, claim } })
    await webhook(delivery(ended()))
    isDown = true
    polled()
    await passAndSettle(60_000)
    expect(alive).toEqual([false, true])
  })

  test('stays true if another process received the event', async () => {
    const store = memoryStore()
    const { webhook, alive, polled } = watched({ store })
    await webhook(delivery(other))
    polled()
    await logged({ store }).webhook(delivery(ended()))
    await passAndSettle(60_000)
    expect(alive).toEqual([false, true])
  })

  test('is false if the event does not arrive and the store fails', async () => {
    const claim = () => Promise.reject(new Error('down'))
    const { webhook, alive, polled } = watched({ store: { ...memoryStore(), claim } })
    await webhook(delivery(other))
    polled()
    await passAndSettle(15_000)
    expect(alive).toEqual([false, true, false])
  })

  test('accepts the event of a missed status if it arrives later', async () => {
    const { webhook, polled, events } = watched()
    await webhook(delivery(other))
    polled()
    await passAndSettle(15_000)
    expect((await webhook(delivery(ended()))).status).toBe(204)
    expect(events.at(-1)).toMatchObject({ _tag: 'DeliveryAccepted' })
  })

  test.each([
    ['that is not accepted', { ...ref, account: 'acct_2' }],
    ['to Fansly, which sends no events', { account: 'acct_1', upload: 'fansly_media_1' }],
    ['for which `accept` throws', { ...ref, account: 'acct_3' }],
  ])('stays true if a poll finds the terminal status of an upload %s', async (_, upload) => {
    const { webhook, alive, polled } = watched({
      accept: ({ account }) => {
        if (account === 'acct_3') throw new Error('down')
        return account === 'acct_1'
      },
    })
    await webhook(delivery(other))
    webhook.opened(upload)
    polled(upload)
    await passAndSettle(3_600_000)
    expect(alive).toEqual([false, true])
  })

  test('is false if no delivery arrives for `trustFor` while uploads are watched', async () => {
    const { webhook, alive, events } = watched()
    await webhook(delivery(other))
    await passAndSettle(3_600_000)
    const closeOne = webhook.opened(ref)
    const closeOther = webhook.opened({ ...ref, upload: 'b' })
    pass(599_999)
    await webhook(delivery(other))
    closeOther()
    await passAndSettle(599_999)
    expect(alive).toEqual([false, true])
    await passAndSettle(1)
    expect(alive).toEqual([false, true, false])
    expect(events.at(-1)).toEqual({ _tag: 'AliveChanged', alive: false, reason: 'silent' })
    closeOne()
  })

  test('stays true without deliveries while no upload is watched', async () => {
    const { webhook, alive } = watched()
    await webhook(delivery(other))
    const close = webhook.opened(ref)
    pass(599_999)
    close()
    await passAndSettle(3_600_000)
    expect(alive).toEqual([false, true])
  })

  test('does not depend on changes of the wall clock', async () => {
    const { webhook, alive } = watched()
    await webhook(delivery(other))
    const close = webhook.opened(ref)
    setWallClock(today - 86_400_000)
    pass(300_000)
    setWallClock(today + 86_400_000)
    await passAndSettle(299_999)
    expect(alive).toEqual([false, true])
    await passAndSettle(1)
    expect(alive).toEqual([false, true, false])
    close()
  })

  test('emits its current value to a late subscriber', async () => {
    const { webhook } = watched()
    await webhook(delivery(other))
    const alive: boolean[] = []
    webhook.alive$.subscribe(value => alive.push(value))
    expect(alive).toEqual([true])
  })
})

describe('a pushed terminal status', () => {
  test('is available to later watches', async () => {
    const { webhook } = watched()
    expect(webhook.latest(ref)).toBeNull()
    await webhook(delivery(ended()))
    expect(webhook.latest(ref)).toEqual(completed)
    expect(webhook.latest({ ...ref, account: 'acct_2' })).toBeNull()
  })
})

describe('a delivery that takes longer than `ackWithin`', () => {
  inFakeTime()

  const forever = (): Promise<never> => new Promise(() => undefined)

  /** A body that begins and never ends. */
  const endless = (): ReadableStream<Uint8Array> =>
    new ReadableStream({
      start: controller => {
        controller.enqueue(new Uint8Array([123]))
      },
    })

  const slow = (): Request => {
    const init = { method: 'POST', body: endless(), duplex: 'half' }
    return new Request('https://me.example/hook', init)
  }

  const stuck = { ...memoryStore(), claim: forever }

  test.each<[string, () => Request, Parameters<typeof logged>[0]]>([
    ['its body never ends', slow, {}],
    ['`secrets` never resolves', () => delivery(ended()), { secrets: forever }],
    ['the store never resolves', () => delivery(ended()), { store: stuck }],
  ])('is answered with 503 if %s', async (_, request, options) => {
    const { webhook, events } = watched(options)
    const late = webhook(request())
    for (let turn = 0; turn < 20; turn += 1) await settled()
    pass(7_999)
    expect(events.map(({ _tag }) => _tag)).not.toContain('DeliveryRefused')
    pass(1)
    expect((await late).status).toBe(503)
    expect(events.at(-1)).toMatchObject({ _tag: 'DeliveryRefused', reason: 'late' })
  })

  test('is processed when the vendor repeats it', async () => {
    let calls = 0
    const { webhook, events } = watched({
      onStatus: () => {
        calls += 1
        return calls === 1 ? new Promise(() => undefined) : Promise.resolve()
      },
    })
    const late = webhook(delivery(ended()))
    while (calls === 0) await settled()
    pass(8_000)
    expect((await late).status).toBe(503)
    expect(events.at(-1)).toMatchObject({ reason: 'late' })
    expect((await webhook(delivery(ended()))).status).toBe(204)
  })
})
