import { createHmac } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { readEvent } from '../../../src/api/webhook'
import {
  beforeAccepted,
  conflicting,
  delayed,
  drop,
  duplicate,
  forged,
  outOfOrder,
  send,
  spelled,
  startSandbox,
  times,
  unsigned,
  type PushPlan,
  type SandboxOptions,
} from '../../../src/sandbox'
import { pushAt } from '../../../src/sandbox/webhooks/plan'
import { ask, handClock, uploadId } from '../openSandbox'
import { attempts, delivering, firstOf, receiver, secret, startUploads } from './receiver'

/** Runs a plan. Returns each received event: its upload, its status, and whether it is signed. */
const run = async (plan: PushPlan, names: readonly string[], count: number, timeScale = 0.001) => {
  const { url, received } = await receiver()
  const sandbox = await delivering({ url, plan, timeScale })
  const ids = await startUploads(sandbox, ...names)
  await attempts(sandbox, count)
  return {
    sandbox,
    received,
    events: received.map(({ headers, text, body }) => {
      const { prefixed_id, id } = body.payload
      const isSigned =
        headers['signature'] === createHmac('sha256', secret).update(text).digest('hex')
      const upload = ids.indexOf(String(prefixed_id ?? id))
      return [upload, body.event.replace('media_uploads.', ''), isSigned]
    }),
  }
}

describe('a plan', () => {
  test('applies its pushes to the uploads in order, and repeats the last one', () => {
    const plan: PushPlan = [drop(), times(2, send()), delayed(5, duplicate())]
    const kinds = [1, 2, 3, 4, 5].map(nth => pushAt(plan, nth).kind)
    expect(kinds).toEqual(['drop', 'send', 'send', 'duplicate', 'duplicate'])
  })

  test('can drop an event', async () => {
    const { events } = await run([drop(), send()], ['a', 'b'], 1)
    expect(events).toEqual([[1, 'completed', true]])
  })

  test('can send an event several times with the same id', async () => {
    const { events, received } = await run([duplicate(3)], ['a'], 3)
    expect(events).toEqual(Array(3).fill([0, 'completed', true]))
    expect(new Set(received.map(({ headers }) => headers['x-ofapi-idempotency-key'])).size).toBe(1)
  })

  test('can send an event before the POST is answered, and the upload has then ended', async () => {
    const answered: string[] = []
    const { url } = await receiver(() => {
      answered.push('delivered')
      return 204
    })
    const sandbox = await delivering(
      { url, plan: [beforeAccepted()] },
      { durations: { pending: 60_000, processing: 60_000, spread: 0 } },
    )
    const [upload] = await startUploads(sandbox, 'a.mp4')
    answered.push('accepted')
    expect(answered).toEqual(['delivered', 'accepted'])
    const { body } = await ask(sandbox, `/api/acct_sandbox/media/uploads/${upload ?? ''}/status`)
    expect(body).toMatchObject({ status: 'completed' })
  })

  test('can send an event after that of a later upload', async () => {
    const { events } = await run([outOfOrder(), send()], ['a', 'fail'], 2, 1)
    expect(events).toEqual([
      [1, 'failed', true],
      [0, 'completed', true],
    ])
  })

  test('sends an out-of-order event after 10 s if there is no later upload', async () => {
    const { events } = await run([outOfOrder()], ['a'], 1)
    expect(events).toEqual([[0, 'completed', true]])
  })

  test('can delay an event', async () => {
    const { url } = await receiver()
    const { now, forward } = handClock()
    const sandbox = await delivering({ url, plan: [delayed(7_000, send())] }, { clock: now })
    await startUploads(sandbox, 'a.mp4')
    for (const step of [1, 6_998, 1, 1]) {
      await ask(sandbox, '/')
      forward(step)
    }
    await ask(sandbox, '/')
    expect(await attempts(sandbox, 1)).toMatchObject([{ at: 7_001 }])
  })

  test.each([
    ['forged', forged()],
    ['unsigned', unsigned()],
  ])('can have a stranger send the opposite event, %s, once', async (_, push) => {
    const { events, sandbox } = await run([push], ['a', 'fail'], 4)
    expect(events.map(one => JSON.stringify(one)).sort()).toEqual([
      '[0,"completed",true]',
      '[0,"failed",false]',
      '[1,"completed",false]',
      '[1,"failed",true]',
    ])
    const bySender = sandbox.deliveries().map(({ sender, event }) => `${sender} ${event}`)
    expect(bySender.filter(one => one.startsWith('stranger'))).toHaveLength(2)
  })

  test('neither counts nor repeats a failed request of a stranger', async () => {
    const { url } = await receiver(({ headers }) =>
      headers['signature'] === undefined ? 401 : 204,
    )
    const sandbox = await delivering({ url, plan: [unsigned()] })
    await startUploads(sandbox, 'a', 'b')
    expect(await attempts(sandbox, 4)).toHaveLength(4)
    const { body } = await ask(sandbox, '/api/webhooks')
    expect(body).toMatchObject({ data: [{ consecutive_failures: 0, enabled: true }] })
  })

  test('can have the vendor contradict a delivered event', async () => {
    const { events, received } = await run([conflicting()], ['a'], 2)
    expect(events).toEqual([
      [0, 'completed', true],
      [0, 'failed', true],
    ])
    expect(new Set(received.map(({ headers }) => headers['x-ofapi-idempotency-key'])).size).toBe(2)
  })

  test.each(['a', 'fail'])('can use the other spelling for the event of upload %s', async name => {
    const { received } = await run([spelled('ids', send())], [name], 1)
    const { body } = firstOf(received)
    expect(body.payload).toMatchObject({ id: expect.stringMatching(uploadId) })
    expect(body.payload).not.toHaveProperty('prefixed_id')
    expect(readEvent(body)).toMatchObject({
      right: {
        account: 'acct_sandbox',
        upload: body.payload['id'],
        status: { status: name === 'a' ? 'completed' : 'failed' },
      },
    })
  })

  test.each(['sdk', 'ids'] as const)(
    'sends events that readEvent understands, spelled as %s',
    async how => {
      const { received } = await run([spelled(how, send())], ['a', 'fail'], 2)
      expect(received.map(({ body }) => readEvent(body)._tag)).toEqual(['Right', 'Right'])
    },
  )
})

describe('the webhooks option', () => {
  const url = 'http://127.0.0.1:1/'

  test.each<[string, unknown]>([
    ['webhooks', []],
    ['webhooks', { urls: url }],
    ['webhooks.url', {}],
    ['webhooks.url', { url: 'me.example/hook' }],
    ['webhooks.url', { url: 'ftp://me.example' }],
    ['webhooks.url', { url: 'http://user:word@me.example' }],
    ['webhooks.secret', { url, secret: '' }],
    ['webhooks.secret', { url, secret: ' whsec_1' }],
    ['webhooks.secret', { url, secret: 7 }],
    ['webhooks.timeScale', { url, timeScale: -1 }],
    ['webhooks.timeScale', { url, timeScale: Number.NaN }],
    ['webhooks.plan', { url, plan: [] }],
    ['webhooks.plan', { url, plan: 'drop' }],
    ['webhooks.plan[1].kind', { url, plan: [send(), { kind: 'lost' }] }],
    ['webhooks.plan[0].delay', { url, plan: [{ kind: 'send', delay: -1 }] }],
    ['webhooks.plan[0].times', { url, plan: [{ kind: 'send', times: 0 }] }],
    ['webhooks.plan[0].spelling', { url, plan: [{ kind: 'send', spelling: 'own' }] }],
    ['webhooks.plan[0].copies', { url, plan: [{ kind: 'duplicate', copies: 1 }] }],
    ['webhooks.plan[0]', { url, plan: [{ kind: 'send', copies: 2 }] }],
  ])('throws an error that names %s for %j', async (name, webhooks) => {
    const failure: unknown = await startSandbox({ webhooks } as SandboxOptions).catch(
      (error: unknown) => error,
    )
    expect(failure instanceof RangeError || failure instanceof TypeError).toBe(true)
    expect(String(failure)).toContain(name)
    expect(String(failure)).not.toMatch(/whsec|word/)
  })

  test('accepts a plan parsed from JSON', async () => {
    const plan = [spelled('ids', duplicate()), times(2, drop()), delayed(5, forged())]
    const sandbox = await delivering({ url, plan: JSON.parse(JSON.stringify(plan)) as PushPlan })
    expect(sandbox.deliveries()).toEqual([])
  })
})
