import { describe, expect, test } from '@jest/globals'
import { SpanKind, SpanStatusCode, type HrTime } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base'
import { left, right } from 'fp-ts/Either'
import { createTelemetry, observeLoad } from 'rx-upload-status/opentelemetry'
import { expired, rejected, unavailable } from '../../src/failure/failure'
import type { Happening } from '../../src/watch/event'
import { failed } from '../answers'
import { account, event, recorded, start, upload } from './recorded'

const attempt = (number: number): Happening => ({
  _tag: 'AttemptStarted',
  attempt: number,
  late: 0,
})

/** Milliseconds after the start of these tests. */
const msOf = ([s, ns]: HrTime): number => Math.round(s * 1_000 + ns / 1e6) - start

const timesOf = ({ name, startTime, endTime }: ReadableSpan) =>
  [name.replace('upload_status.', ''), msOf(startTime), msOf(endTime)] as const

describe('the spans of a watch', () => {
  test('consist of one for the watch, and a child for each attempt', () =>
    recorded(({ on, spans }) => {
      on(event(5, attempt(1)))
      on(event(105, { _tag: 'AttemptFailed', failure: unavailable(502) }))
      on(event(105, { _tag: 'RetryScheduled', wait: 500, retries: 1 }))
      on(event(605, attempt(2)))
      on(event(655, { _tag: 'StatusReceived', status: 'failed', via: 'poll' }))
      on(event(655, { _tag: 'Settled', value: right(failed) }))
      const all = spans()
      expect(all.map(timesOf)).toEqual([
        ['attempt', 5, 105],
        ['attempt', 605, 655],
        ['watch', 0, 655],
      ])
      const [first, second, watch] = all
      expect([first, second].map(span => span?.parentSpanContext?.spanId)).toEqual(
        Array(2).fill(watch?.spanContext().spanId),
      )
      expect([first?.kind, watch?.kind]).toEqual([SpanKind.CLIENT, SpanKind.INTERNAL])
      expect(first?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'Unavailable' })
      expect(watch?.attributes).toEqual({
        'upload_status.account': account,
        'upload_status.upload': upload,
        'upload_status.outcome': 'failed',
      })
      // A failed upload is an answer, not an error of the watch.
      expect(watch?.status).toEqual({ code: SpanStatusCode.UNSET })
      expect(watch?.events.map(({ name }) => name)).toEqual(['upload_status.retry_scheduled'])
      return Promise.resolve()
    }))

  test('have an error status after a failure, without the text of the server', () =>
    recorded(({ on, spans }) => {
      const failure = rejected(401, null, 'sk_secret is no key')
      on(event(0, attempt(1)))
      on(event(9, { _tag: 'AttemptFailed', failure }))
      on(event(9, { _tag: 'Settled', value: left(failure) }))
      expect(spans().map(({ status }) => status)).toEqual(
        Array(2).fill({ code: SpanStatusCode.ERROR, message: 'Rejected' }),
      )
      expect(
        JSON.stringify(spans().map(({ attributes, events }) => [attributes, events])),
      ).not.toMatch(/secret/)
      return Promise.resolve()
    }))

  test('end at Stopped, with the attempt in flight as aborted', () =>
    recorded(({ on, spans }) => {
      on(event(0, attempt(1)))
      on(event(40, { _tag: 'Stopped' }))
      expect(spans().map(({ attributes }) => attributes['upload_status.outcome'])).toEqual([
        'aborted',
        'stopped',
      ])
      return Promise.resolve()
    }))

  test('have pauses, pushes and regressions as span events', () =>
    recorded(({ on, spans }) => {
      on(event(0, attempt(1)))
      on(event(10, { _tag: 'Paused' }))
      on(event(20, { _tag: 'Resumed' }))
      on(event(30, { _tag: 'StatusReceived', status: 'processing', via: 'push' }))
      on(event(40, { _tag: 'StatusRegressed', from: 'processing', to: 'pending' }))
      on(event(50, { _tag: 'SourceFailed', source: 'push' }))
      on(event(55, { _tag: 'CreditsReported', used: '1', balance: null }))
      on(event(55, { _tag: 'PollScheduled', wait: 5, polls: 1 }))
      on(event(55, { _tag: 'PushIgnored', reason: 'malformed', problems: [] }))
      on(event(57, { _tag: 'Stalled', status: 'processing', unchangedFor: 27 }))
      on(event(60, { _tag: 'Settled', value: left(expired(60)) }))
      const watch = spans().at(-1)
      expect(watch?.events.map(({ name, time }) => [name, msOf(time)])).toEqual([
        ['upload_status.paused', 10],
        ['upload_status.resumed', 20],
        ['upload_status.pushed', 30],
        ['upload_status.regressed', 40],
        ['upload_status.source_failed', 50],
        ['upload_status.stalled', 57],
      ])
      return Promise.resolve()
    }))
})

describe('invalid options', () => {
  test.each<[string, () => unknown]>([
    ['clock', () => createTelemetry({ clock: 5 as never })],
    ['meterProvider', () => createTelemetry({ meterProvider: {} as never })],
    ['tracerProvider', () => createTelemetry({ tracerProvider: {} as never })],
    ['meter', () => createTelemetry({ meter: 1 } as never)],
    ['read', () => observeLoad(null as never)],
    ['name', () => observeLoad(() => null, { name: 5 as never })],
  ])('throw an error that names %s', (name, make) => {
    expect(make).toThrow(name)
  })

  test('createTelemetry without options or an SDK records nothing', () => {
    const on = createTelemetry()
    expect(() => {
      on(event(0, attempt(1)))
      on(event(5, { _tag: 'Stopped' }))
    }).not.toThrow()
  })
})
