import { expect, test } from '@jest/globals'
import { createStatusRelay, type RelayOptions, type Verdict } from 'rx-upload-status/relay'
import { settle, stopTime } from '../random/promiseTime'
import { address, byHand, permissive, readerOf } from './byHand'

stopTime()

const fifty = address(...Array.from({ length: 50 }, (_, i) => `upload_${String(i)}`))

/** A relay whose verdicts a test gives, and the uploads passed to authorize. */
const open = (options: Partial<RelayOptions> = {}) => {
  const requested: string[] = []
  const verdicts: ((verdict: Verdict) => void)[] = []
  const authorize: RelayOptions['authorize'] = (_, { upload }) => {
    requested.push(upload)
    return new Promise<Verdict>(resolve => verdicts.push(resolve))
  }
  const relay = createStatusRelay(permissive(byHand(), { authorize, ...options }).options)
  const controller = new AbortController()
  const { signal } = controller
  return {
    requested,
    ask: (target: string, headers: Record<string, string> = {}) =>
      relay(new Request(target, { signal, headers })),
    leave: async () => {
      controller.abort()
      await settle()
    },
    verdict: async (verdict: Verdict) => {
      for (const give of verdicts.splice(0)) give(verdict)
      await settle()
    },
  }
}

test('authorizes the uploads of a request 8 at a time, and keeps their order', async () => {
  const { ask, requested, verdict } = open()
  const response = ask(fifty)
  await settle()
  expect(requested).toHaveLength(8)
  await verdict(true)
  expect(requested).toHaveLength(16)
  for (let turn = 0; turn < 6; turn += 1) await verdict(404)
  expect(requested).toHaveLength(50)
  const { next, leave } = readerOf(await response)
  const ids = [...((await next()) ?? '').matchAll(/"upload":"upload_(\d+)"/g)].map(([, id]) => id)
  expect(ids.length).toBeGreaterThan(8)
  expect(ids).toEqual(ids.map((_, i) => String(8 + i)))
  await leave()
})

test('authorizes the uploads of all requests without a caller 64 at a time', async () => {
  const { ask, requested, verdict, leave } = open()
  const answers = Array.from({ length: 300 }, () => ask(fifty))
  await settle()
  expect(requested).toHaveLength(64)
  await verdict(403)
  expect(requested).toHaveLength(128)
  await leave()
  expect((await Promise.all(answers)).every(({ status }) => status === 503)).toBe(true)
})

test('does not authorize uploads for readers that have disconnected', async () => {
  const { ask, requested, verdict, leave } = open()
  const answers = Array.from({ length: 20 }, () => ask(fifty))
  await settle()
  expect(requested).toHaveLength(64)
  await leave()
  await verdict(true)
  expect(requested).toHaveLength(64)
  await Promise.all(answers)
  expect((await ask(fifty)).status).toBe(503)
  expect(requested).toHaveLength(64)
})

test('authorizes the uploads of one caller while requests of others wait', async () => {
  const { ask, requested, leave } = open()
  const answers = Array.from({ length: 20 }, () => ask(fifty))
  await settle()
  answers.push(ask(address('mine'), { cookie: 'session=1' }))
  await settle()
  expect(requested.at(-1)).toBe('mine')
  await leave()
  await Promise.all(answers)
})

test('authorizes the next request when an earlier one has its verdicts', async () => {
  const { ask, requested, verdict, leave } = open()
  const answers = Array.from({ length: 12 }, (_, i) => ask(address(`upload_${String(i)}`)))
  await settle()
  expect(requested).toHaveLength(8)
  await verdict(403)
  expect(requested).toHaveLength(12)
  await verdict(403)
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(12).fill(403))
  await leave()
})
