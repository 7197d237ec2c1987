import { describe, expect, test } from '@jest/globals'
import { mergeMap, timer } from 'rxjs'
import { left, right } from 'fp-ts/Either'
import { refName } from '../../src/api/uploadRef'
import type { PolledUpload } from '../../src/budget/polledUpload'
import { requestBudget, type RequestBudget } from '../../src/budget/requestBudget'
import { unreachable } from '../../src/failure/failure'
import { spaced } from '../../src/watch/schedule'
import { answer, completed, ok, pending, processing, ref } from '../answers'
import { engines, type Engine } from '../engines'
import { virtualTimeOf } from '../virtualTime'

const answers = {
  u: left(unreachable('ECONNRESET')),
  b: answer(503),
  p: ok(pending),
  w: ok(processing),
  c: ok(completed),
  // The request stage repeats the refusal of a key, and sends nothing.
  r: right({
    status: 401,
    header: () => null,
    body: right(null),
    receivedAt: 0,
    key: 'refusedBefore' as const,
  }),
}

interface Reports {
  readonly admitted: (readonly [overdue?: number | undefined, upload?: PolledUpload | undefined])[]
  readonly polled: (readonly [upload: PolledUpload, status: string])[]
  readonly unanswered: (readonly [failure: string, upload: string])[]
  readonly learned: number[]
}

/** What a watch reports to a budget, which admits each request after 5 ms. Polls are 100 ms apart. */
const reportsOf = (engine: Engine, marbles: readonly string[]): Reports => {
  const reports: Reports = { admitted: [], polled: [], unanswered: [], learned: [] }
  virtualTimeOf(engine)(answers, ({ scheduler, watch$, flush }) => {
    const budget: RequestBudget = {
      ...requestBudget({ perMinute: 600, clock: () => scheduler.now() }),
      admit: (attempt$, ...given) => {
        reports.admitted.push(given)
        return timer(5).pipe(mergeMap(() => attempt$))
      },
      learn: ({ status }) => reports.learned.push(status),
      polled: (upload, { status }) => reports.polled.push([upload, status]),
      unanswered: ({ _tag }, upload) => reports.unanswered.push([_tag, upload]),
    }
    watch$(marbles, { schedule: spaced(100), budget }).subscribe()
    flush()
  })
  return reports
}

describe.each(engines)('%s with a budget', (_, engine) => {
  test('passes to admit how long a request is overdue, and the age of its upload', () => {
    expect(reportsOf(engine, ['10ms (p|)', '20ms (w|)', '(c|)']).admitted).toEqual([
      [0, { ref, attempt: 1, age: 0, knownAge: 0 }],
      [0, { ref, attempt: 2, age: 115, knownAge: 5 }],
      [0, { ref, attempt: 3, age: 240, knownAge: 120 }],
    ])
  })

  test('passes each status to polled, with the ages of the upload at the request', () => {
    expect(reportsOf(engine, ['10ms (p|)', '20ms (w|)', '30ms (c|)']).polled).toEqual([
      [{ ref, attempt: 1, age: 5, knownAge: 0 }, 'pending'],
      [{ ref, attempt: 2, age: 120, knownAge: 5 }, 'processing'],
      [{ ref, attempt: 3, age: 275, knownAge: 120 }, 'completed'],
    ])
  })

  test('passes each answer to learn, and each request without one to unanswered', () => {
    const { learned, polled, unanswered } = reportsOf(engine, ['(b|)', '(u|)', '(p|)', '(c|)'])
    expect(learned).toEqual([503, 200, 200])
    expect(unanswered).toEqual([['Unreachable', refName(ref)]])
    expect(polled).toHaveLength(2)
  })

  test('reports nothing for a key that was refused before, as no request is sent', () => {
    expect(reportsOf(engine, ['(r|)'])).toMatchObject({ learned: [], polled: [], unanswered: [] })
  })

  test('accepts a budget without its optional members', () => {
    virtualTimeOf(engine)(answers, ({ scheduler, watch$, events, flush }) => {
      const { admit, learn, load } = requestBudget({ perMinute: 600, clock: () => scheduler.now() })
      watch$(['(u|)', '(p|)', '(c|)'], { budget: { admit, learn, load } }).subscribe()
      flush()
      expect(events.at(-1)).toMatchObject({ _tag: 'Settled', value: right(completed) })
    })
  })
})
