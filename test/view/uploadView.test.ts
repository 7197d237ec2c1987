import { describe, expect, test } from '@jest/globals'
import { expectTypeOf } from 'expect-type'
import fc from 'fast-check'
import { left, right } from 'fp-ts/Either'
import { uploadView, waitingView, type CompletedUpload, type UploadView } from 'rx-upload-status'
import { expired } from '../../src/failure/failure'
import { isSettled } from '../../src/view/uploadView'
import { completed, pending, processing } from '../answers'
import { newsArbitrary, valueArbitrary, type News } from '../watch/newsArbitrary'

/** The view after each of the news. The n-th news arrives at time n. */
const viewsAfter = (all: readonly News[]): readonly UploadView[] =>
  all.reduce<readonly UploadView[]>(
    (views, news, at) => [
      ...views,
      uploadView(Object.freeze(views.at(-1) ?? waitingView), news, at),
    ],
    [waitingView],
  )

const viewAfter = (all: readonly News[]): UploadView => viewsAfter(all).at(-1) ?? waitingView

/** The values among news, each with its time, up to the first that ends the watch. */
const valuesOf = (all: readonly News[]): readonly (readonly [at: number, value: News])[] => {
  const values = all.flatMap((value, at) =>
    value._tag === 'Left' || value._tag === 'Right' ? [[at, value] as const] : [],
  )
  const end = values.findIndex(
    ([, value]) => phaseOf(value) !== 'pending' && phaseOf(value) !== 'processing',
  )
  return end < 0 ? values : values.slice(0, end + 1)
}

const phaseOf = (value: News): UploadView['phase'] =>
  value._tag === 'Right' ? value.right.status : 'unknown'

const news$ = fc.array(newsArbitrary, { maxLength: 30 })

const holds = (law: (all: readonly News[]) => void): void => {
  fc.assert(fc.property(news$, law), { numRuns: 500 })
}

describe('uploadView', () => {
  test('has the phase of the last value, or waiting before the first', () => {
    holds(all => {
      const [, last] = valuesOf(all).at(-1) ?? []
      expect(viewAfter(all).phase).toBe(last === undefined ? 'waiting' : phaseOf(last))
    })
  })

  test('has the last status, also after a failure, and the failure if there is one', () => {
    holds(all => {
      const values = valuesOf(all).map(([, value]) => value)
      const last = values.findLast(value => value._tag === 'Right')
      const failure = values.find(value => value._tag === 'Left')
      const view = viewAfter(all)
      expect(view.status).toBe(last?.right ?? null)
      expect(view.failure).toBe(failure?.left ?? null)
    })
  })

  test('dates `since` from the first value of the current phase', () => {
    holds(all => {
      const values = valuesOf(all)
      const { phase, since } = viewAfter(all)
      const other = values.findLastIndex(([, value]) => phaseOf(value) !== phase)
      expect(since).toBe(values[other + 1]?.[0] ?? null)
    })
  })

  test('is polling from the start of an attempt to its end, and paused until it is resumed', () => {
    const turns = new Set([
      'Settled',
      'Stopped',
      'AttemptStarted',
      'PollScheduled',
      'RetryScheduled',
      'Paused',
      'Resumed',
    ])
    holds(all => {
      const view = viewAfter(all)
      const last = all.findLast(({ _tag }) => turns.has(_tag))
      expect(view.isPolling).toBe(!isSettled(view) && last?._tag === 'AttemptStarted')
      expect(view.isPaused).toBe(!isSettled(view) && last?._tag === 'Paused')
    })
  })

  test('does not change after the end', () => {
    holds(all => {
      const views = viewsAfter(all)
      const end = views.findIndex(isSettled)
      if (end >= 0) for (const view of views.slice(end)) expect(view).toBe(views[end])
    })
  })

  test('is the same object as long as its members are the same', () => {
    holds(all => {
      const views = viewsAfter(all)
      for (const [nth, view] of views.entries()) {
        const before = views[nth - 1]
        if (before === undefined || before.status !== view.status) continue
        expect(Object.is(before, view)).toBe(
          before.phase === view.phase &&
            before.isPolling === view.isPolling &&
            before.isPaused === view.isPaused &&
            before.isStalled === view.isStalled,
        )
      }
    })
  })

  test('does not change with a repeated status', () => {
    const view = viewAfter([right(processing)])
    expect(uploadView(view, right(processing), 9)).toBe(view)
  })

  test('is neither polling nor paused after Settled, before the final value arrives', () => {
    fc.assert(
      fc.property(news$, valueArbitrary, (all, value) => {
        const view = viewAfter([...all, { _tag: 'Settled', value }])
        expect([view.isPolling, view.isPaused]).toEqual([false, false])
        expect(view.phase).toBe(viewAfter(all).phase)
      }),
    )
  })

  test('has a type that its phase narrows', () => {
    const view = viewAfter([right(pending), right(processing), right(completed)])
    expect(view).toEqual({
      phase: 'completed',
      status: completed,
      failure: null,
      since: 2,
      isPolling: false,
      isPaused: false,
    })
    if (view.phase === 'completed') expectTypeOf(view.status).toEqualTypeOf<CompletedUpload>()
    if (view.phase !== 'waiting') expectTypeOf(view.since).toEqualTypeOf<number>()
    if (view.phase === 'waiting') expectTypeOf(view.status).toEqualTypeOf<null>()
  })

  test('keeps the last status of an upload whose watch failed', () => {
    expect(viewAfter([right(processing), pausedNews, left(expired(9))])).toEqual({
      phase: 'unknown',
      status: processing,
      failure: expired(9),
      since: 2,
      isPolling: false,
      isPaused: false,
    })
  })
})

const pausedNews: News = { _tag: 'Paused' }
