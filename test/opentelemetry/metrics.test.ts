import { describe, expect, test } from '@jest/globals'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import fc from 'fast-check'
import { left, right } from 'fp-ts/Either'
import { NEVER } from 'rxjs'
import { uploadStatus$ } from 'rx-upload-status'
import { createTelemetry, observeLoad, type TelemetryEvent } from 'rx-upload-status/opentelemetry'
import { cancelled, invalidRequest, throttled, unavailable } from '../../src/failure/failure'
import type { Happening } from '../../src/watch/event'
import { completed } from '../answers'
import { until } from '../until'
import { newsArbitrary } from '../watch/newsArbitrary'
import { account, event, recorded, upload } from './recorded'

const attempt = (number: number, late = 0): Happening => ({
  _tag: 'AttemptStarted',
  attempt: number,
  late,
})

const outcome = (word: string, more: object = {}) => ({ 'upload_status.outcome': word, ...more })

describe('the metrics of watches', () => {
  test('contain the attempts by outcome, with their durations in seconds', () =>
    recorded(async ({ on, read }) => {
      on(event(0, attempt(1, 250)))
      on(event(100, { _tag: 'StatusReceived', status: 'processing', via: 'poll' }))
      on(event(1_000, attempt(2)))
      on(event(1_500, { _tag: 'AttemptFailed', failure: unavailable(503) }))
      on(event(2_000, attempt(3)))
      on(event(2_010, { _tag: 'AttemptFailed', failure: throttled(1_000) }))
      on(event(4_000, attempt(4)))
      on(event(4_020, { _tag: 'StatusUnknown', status: 'archived' }))
      on(event(5_000, attempt(5)))
      on(event(5_200, { _tag: 'Stalled', status: 'processing', unchangedFor: 5_000 }))
      on(event(5_500, { _tag: 'Paused' }))
      on(event(9_000, attempt(6)))
      on(event(9_030, { _tag: 'StatusReceived', status: 'completed', via: 'poll' }))
      on(event(9_030, { _tag: 'Settled', value: right(completed) }))
      const metrics = await read()
      expect(metrics.get('attempt.duration')).toEqual([
        { attributes: outcome('processing'), value: { count: 1, sum: 0.1 } },
        {
          attributes: outcome('error', {
            'error.type': 'Unavailable',
            'http.response.status_code': 503,
          }),
          value: { count: 1, sum: 0.5 },
        },
        {
          attributes: outcome('error', {
            'error.type': 'Throttled',
            'http.response.status_code': 429,
          }),
          value: { count: 1, sum: 0.01 },
        },
        { attributes: outcome('unknown'), value: { count: 1, sum: 0.02 } },
        { attributes: outcome('aborted'), value: { count: 1, sum: 0.5 } },
        { attributes: outcome('completed'), value: { count: 1, sum: 0.03 } },
      ])
      expect(metrics.get('attempt.lateness')).toEqual([
        { attributes: {}, value: { count: 6, sum: 0.25 } },
      ])
      expect(metrics.get('watch.duration')).toEqual([
        { attributes: outcome('completed'), value: { count: 1, sum: 9.03 } },
      ])
      expect(metrics.get('stalls')).toEqual([
        { attributes: { 'upload_status.status': 'processing' }, value: 1 },
      ])
      expect(metrics.get('pauses')).toEqual([{ attributes: {}, value: 1 }])
    }))

  test('count each active watch once, until it settles or stops', () =>
    recorded(async ({ on, read }) => {
      const active = async () => (await read()).get('active_watches')?.[0]?.value
      on(event(0, attempt(1)))
      on(event(1_000, attempt(2)))
      expect(await active()).toBe(1)
      on({ ...event(0, attempt(1)), upload: 'another' } as TelemetryEvent)
      expect(await active()).toBe(2)
      on(event(1_200, { _tag: 'Stopped' }))
      expect(await active()).toBe(1)
      on(event(1_300, { _tag: 'Stopped' }))
      expect(await active()).toBe(1)
      // A second watch of the same upload, although no end of the first was reported.
      on(event(0, attempt(1)))
      on(event(0, attempt(1)))
      expect(await active()).toBe(2)
      on(event(50, { _tag: 'Settled', value: left(cancelled('left')) }))
      expect(await active()).toBe(1)
    }))

  test('count a watch that ended as not active, even if a span processor throws', () =>
    recorded(async ({ meterProvider, read }) => {
      const onEnd = (): void => {
        throw new Error('of a processor')
      }
      const nothing = (): Promise<void> => Promise.resolve()
      const processor = { onStart: nothing, onEnd, forceFlush: nothing, shutdown: nothing }
      const tracerProvider = new BasicTracerProvider({ spanProcessors: [processor] })
      const on = createTelemetry({ meterProvider, tracerProvider })
      const watch = uploadStatus$(account, upload, { on, request: () => NEVER }).subscribe()
      await until(async () => (await read()).get('active_watches')?.[0]?.value === 1)
      watch.unsubscribe()
      expect((await read()).get('active_watches')).toEqual([{ attributes: {}, value: 0 }])
    }))

  test('count a watch without an attempt as ended and never as active', () =>
    recorded(async ({ on, read }) => {
      on(event(0, { _tag: 'Settled', value: left(invalidRequest('apiKey', 'there is none')) }))
      const metrics = await read()
      expect(metrics.get('watch.duration')).toEqual([
        {
          attributes: outcome('error', { 'error.type': 'InvalidRequest' }),
          value: { count: 1, sum: 0 },
        },
      ])
      expect(metrics.get('active_watches') ?? []).toEqual([])
    }))

  test('have only known values as attributes: no id, and no text of a server', () =>
    fc.assert(
      fc.asyncProperty(fc.array(newsArbitrary, { maxLength: 30 }), news =>
        recorded(async ({ on, read }) => {
          news.forEach((each, at) => {
            if (each._tag !== 'Left' && each._tag !== 'Right') on(event(at, each))
          })
          const words = [...(await read()).values()]
            .flat()
            .flatMap(({ attributes }) => Object.values(attributes))
          expect(words.filter(word => !isKnown(String(word)))).toEqual([])
        }),
      ),
      { numRuns: 30 },
    ))
})

/** Statuses, outcomes, the tags of failures, and the codes of HTTP, which are numbers. */
const isKnown = (word: string): boolean =>
  /^(pending|processing|completed|failed|unknown|aborted|stopped|error|-?\d+)$/.test(word) ||
  /^(Cancelled|Expired|InvalidRequest|Malformed|Rejected|Throttled|TimedOut|Unavailable|Unreachable)$/.test(
    word,
  )

describe('the metrics of servers', () => {
  test('contain saturations, streams, refusals and deliveries', () =>
    recorded(async ({ on, read }) => {
      const load = {
        queue: 9,
        wait: 12_000,
        rate: 60,
        lateness: 6_000,
        growth: 0,
        running: 0,
        pausedFor: 0,
      }
      on({ _tag: 'Saturated', ...load })
      on({ _tag: 'Relieved', ...load })
      on({ _tag: 'StreamOpened', uploads: 2, streams: 1 })
      on({ _tag: 'StreamOpened', uploads: 2, streams: 2 })
      on({ _tag: 'StreamClosed', why: 'stalled', streams: 1 })
      on({ _tag: 'StreamRefused', status: 429, streams: 1 })
      on({ _tag: 'RelayDefect', defect: new Error('sk_secret'), streams: 1 })
      on({ _tag: 'DeliveryAccepted', account, upload, status: 'completed', eventId: 'evt_1' })
      on({ _tag: 'DeliveryIgnored', reason: 'duplicate', ref: null, problems: [], eventId: null })
      on({ _tag: 'DeliveryRefused', reason: 'forged', status: 401, eventId: null })
      on({ _tag: 'AliveChanged', alive: true, reason: 'delivered' })
      on({ _tag: 'StoreFailed', step: 'done' })
      const metrics = await read()
      expect(Object.fromEntries(metrics)).toEqual({
        'budget.saturations': [{ attributes: {}, value: 1 }],
        'relay.active_streams': [{ attributes: {}, value: 1 }],
        'relay.closed_streams': [
          { attributes: { 'upload_status.relay.reason': 'stalled' }, value: 1 },
        ],
        'relay.refusals': [{ attributes: { 'http.response.status_code': 429 }, value: 1 }],
        'relay.defects': [{ attributes: {}, value: 1 }],
        'webhook.deliveries': [
          { attributes: { 'upload_status.webhook.outcome': 'accepted' }, value: 1 },
          {
            attributes: {
              'upload_status.webhook.outcome': 'ignored',
              'upload_status.webhook.reason': 'duplicate',
            },
            value: 1,
          },
          {
            attributes: {
              'upload_status.webhook.outcome': 'refused',
              'upload_status.webhook.reason': 'forged',
            },
            value: 1,
          },
        ],
      })
    }))
})

describe('the load of a budget', () => {
  const load = { queue: 3, wait: 3_000, rate: 60 }

  test('is read at each export, until the observation stops', () =>
    recorded(async ({ meterProvider, read }) => {
      let queue = 3
      const stop = observeLoad(() => ({ ...load, queue, lateness: 1_500 }), { meterProvider })
      expect(Object.fromEntries(await read())).toEqual({
        'budget.queue': [{ attributes: {}, value: 3 }],
        'budget.wait': [{ attributes: {}, value: 3 }],
        'budget.rate': [{ attributes: {}, value: 60 }],
        'budget.lateness': [{ attributes: {}, value: 1.5 }],
      })
      queue = 5
      expect((await read()).get('budget.queue')).toEqual([{ attributes: {}, value: 5 }])
      stop()
      queue = 7
      expect((await read()).get('budget.queue') ?? []).not.toContainEqual({
        attributes: {},
        value: 7,
      })
    }))

  test('may be a promise, without a lateness, and with a name', () =>
    recorded(async ({ meterProvider, read }) => {
      observeLoad(() => Promise.resolve(load), { name: 'team', meterProvider })
      const attributes = { 'upload_status.budget.name': 'team' }
      const metrics = await read()
      expect(metrics.get('budget.queue')).toEqual([{ attributes, value: 3 }])
      expect(metrics.get('budget.lateness') ?? []).toEqual([])
    }))

  test('is not exported if it is null', () =>
    recorded(async ({ meterProvider, read }) => {
      observeLoad(() => null, { meterProvider })
      expect([...(await read()).values()].flat()).toEqual([])
    }))
})
