import { describe, expect, test } from '@jest/globals'
import { left, right, type Either } from 'fp-ts/Either'
import { defer, EMPTY, of, switchMap, timer, type Observable } from 'rxjs'
import { TestScheduler, type RunHelpers } from 'rxjs/testing'
import {
  repeatOnSchedule,
  spaced,
  unavailable,
  type Failure,
  type Progress,
  type UploadStatus,
} from 'rx-upload-status'
import { completed, failed, pending, processing } from '../answers'

type Answer = Either<Failure, UploadStatus>

const values: { readonly [mark: string]: Answer } = {
  p: right(pending),
  w: right(processing),
  c: right(completed),
  f: right(failed),
  u: left(unavailable(503)),
}

const inVirtualTime = (law: (helpers: RunHelpers & { scheduler: TestScheduler }) => void): void => {
  const scheduler = new TestScheduler((actual, expected) => {
    expect(actual).toEqual(expected)
  })
  scheduler.run(helpers => {
    law({ ...helpers, scheduler })
  })
}

/** The n-th subscription gets the n-th source. */
const inTurn$ = (...sources: ReadonlyArray<Observable<Answer>>): Observable<Answer> => {
  let nth = 0
  return defer(() => sources[nth++] ?? EMPTY)
}

describe('repeatOnSchedule', () => {
  test('subscribes again after each wait, and completes after a terminal status', () => {
    inVirtualTime(({ cold, expectObservable, expectSubscriptions }) => {
      const first$ = cold(' --(p|)', values)
      const second$ = cold('     --(w|)', values)
      const third$ = cold('           --(c|)', values)
      const subs1 = '       ^-!'
      const subs2 = '       -----^-!'
      const subs3 = '       ----------^-!'
      const expected = '    --p----w----(c|)'
      const source$ = inTurn$(first$, second$, third$)
      expectObservable(source$.pipe(repeatOnSchedule(spaced(3)))).toBe(expected, values)
      expectSubscriptions(first$.subscriptions).toBe(subs1)
      expectSubscriptions(second$.subscriptions).toBe(subs2)
      expectSubscriptions(third$.subscriptions).toBe(subs3)
    })
  })

  test.each([
    ['a completed upload', 'c'],
    ['a failed upload', 'f'],
    ['a failure', 'u'],
  ])('completes after %s', (_, end) => {
    inVirtualTime(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold(`-(${end}|)`, values)
      expectObservable(source$.pipe(repeatOnSchedule(spaced(3)))).toBe(`-(${end}|)`, values)
      expectSubscriptions(source$.subscriptions).toBe('^!')
    })
  })

  test('completes after a source that emits nothing', () => {
    inVirtualTime(({ cold, expectObservable, expectSubscriptions }) => {
      const first$ = cold(' (p|)', values)
      const second$ = cold<Answer>('   -|')
      const expected = '    p---|'
      const source$ = inTurn$(first$, second$)
      expectObservable(source$.pipe(repeatOnSchedule(spaced(3)))).toBe(expected, values)
      expectSubscriptions(second$.subscriptions).toBe('---^!')
    })
  })

  test('decides by the last value of a source that emits several', () => {
    inVirtualTime(({ cold, expectObservable }) => {
      const source$ = cold('(pc|)', values)
      expectObservable(source$.pipe(repeatOnSchedule(spaced(3)))).toBe('(pc|)', values)
    })
  })

  test('passes the progress so far to the schedule', () => {
    const seen: Progress[] = []
    inVirtualTime(({ cold, expectObservable, scheduler }) => {
      const schedule = (progress: Progress): number => {
        seen.push(progress)
        return 5
      }
      const source$ = inTurn$(
        cold('-(p|)', values),
        cold('-(w|)', values),
        cold('-(w|)', values),
        cold('-(c|)', values),
      )
      // The elapsed time starts here.
      const later$ = timer(100).pipe(
        switchMap(() => source$.pipe(repeatOnSchedule(schedule, { scheduler }))),
      )
      expectObservable(later$).toBe('100ms -p 5ms w 5ms w 5ms (c|)', values)
    })
    expect(seen).toEqual([
      { polls: 1, elapsed: 1, lastStatus: pending, unchangedFor: 0 },
      { polls: 2, elapsed: 7, lastStatus: processing, unchangedFor: 0 },
      { polls: 3, elapsed: 13, lastStatus: processing, unchangedFor: 6 },
    ])
  })

  test('counts polls separately for each subscription', () => {
    inVirtualTime(({ cold, expectObservable }) => {
      const repeated$ = cold('(p|)', values).pipe(repeatOnSchedule(({ polls }) => polls))
      const expected = 'pp-p--p'
      expectObservable(repeated$, '------!').toBe(expected.slice(0, 6), values)
      expectObservable(repeated$, '------!').toBe(expected.slice(0, 6), values)
    })
  })

  test('waits a fifth of the elapsed time by default', () => {
    inVirtualTime(({ cold, expectObservable, scheduler }) => {
      const source$ = inTurn$(cold('10s (p|)', values), cold('(c|)', values))
      const repeated$ = source$.pipe(repeatOnSchedule(undefined, { scheduler, random: () => 0 }))
      expectObservable(repeated$).toBe('10s p 1999ms (c|)', values)
    })
  })

  test('passes its random to the schedule', () => {
    inVirtualTime(({ cold, expectObservable }) => {
      const source$ = inTurn$(cold('(p|)', values), cold('(c|)', values))
      const repeated$ = source$.pipe(
        repeatOnSchedule((_, random) => 10 * random(), { random: () => 0.5 }),
      )
      expectObservable(repeated$).toBe('p 4ms (c|)', values)
    })
  })

  test('errors if the schedule throws or returns an invalid wait', () => {
    const bug = new Error('bug')
    const throws = (): number => {
      throw bug
    }
    const errors: unknown[] = []
    const error = (reason: unknown): void => {
      errors.push(reason)
    }
    of(right(pending)).pipe(repeatOnSchedule(throws)).subscribe({ error })
    of(right(pending))
      .pipe(repeatOnSchedule(() => NaN))
      .subscribe({ error })
    expect(errors).toEqual([bug, expect.any(RangeError)])
  })

  test('passes on an error of the source without repeating', () => {
    inVirtualTime(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold<Answer>('-#')
      expectObservable(source$.pipe(repeatOnSchedule(spaced(1)))).toBe('-#')
      expectSubscriptions(source$.subscriptions).toBe('^!')
    })
  })

  test('stops the source, or the wait, on unsubscribe', () => {
    inVirtualTime(({ cold, expectObservable, expectSubscriptions, flush, scheduler }) => {
      const source$ = cold('--(p|)', values)
      const subs = [' ^-!', '-------^-!']
      expectObservable(source$.pipe(repeatOnSchedule(spaced(5))), '---------!').toBe(
        '--p------',
        values,
      )
      expectSubscriptions(source$.subscriptions).toBe(subs)
      const waiting$ = cold('--(p|)', values)
      expectObservable(waiting$.pipe(repeatOnSchedule(spaced(9_999))), '----!').toBe('--p', values)
      flush()
      expect(scheduler.now()).toBeLessThan(100)
    })
  })

  test('survives ten thousand polls of a synchronous source', () => {
    let left = 10_000
    const seen: Answer[] = []
    inVirtualTime(({ expectObservable }) => {
      const source$ = defer(() => of(left-- > 0 ? right(pending) : right(completed)))
      const repeated$ = source$.pipe(repeatOnSchedule(spaced(0)))
      repeated$.subscribe(value => seen.push(value))
      expectObservable(of(1)).toBe('(a|)', { a: 1 })
    })
    expect(seen).toHaveLength(10_001)
  })
})
