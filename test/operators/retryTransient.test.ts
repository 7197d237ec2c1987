import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { left, right, type Either } from 'fp-ts/Either'
import {
  defer,
  lastValueFrom,
  map,
  of,
  pipe,
  switchMap,
  timer,
  VirtualTimeScheduler,
  type MonoTypeOperatorFunction,
  type Observable,
} from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import {
  malformed,
  rejected,
  throttled,
  unavailable,
  unreachable,
  type Failure,
} from '../../src/failure/failure'
import { defaultRetry, type RetryPolicy } from '../../src/watch/retry'
import { retryTransient } from '../../src/operators/retryTransient'
import { marbles } from '../marbles'

const values: { readonly [mark: string]: Either<Failure, string> } = {
  a: right('a'),
  b: right('b'),
  t: left(unreachable('ECONNRESET')),
  u: left(unavailable(503)),
  r: left(unavailable(503, 50)),
  q: left(throttled(50)),
  n: left(throttled(null)),
  m: left(malformed('notJson')),
  f: left(rejected(403)),
}

/** With a random of 0.5 it waits 2 ms, 4 ms, 8 ms, and 8 ms from then on. */
const policy = { retries: 5, base: 4, cap: 16 }

/** The operator under test, without the stamps on a failure, which have their own test. */
const retried = (
  retry: Partial<RetryPolicy>,
  random = (): number => 0.5,
): MonoTypeOperatorFunction<Either<Failure, string>> =>
  pipe(
    retryTransient<string>(retry, { random }),
    map(value =>
      value._tag === 'Left' ? left({ ...value.left, attempts: 0, elapsed: 0 }) : value,
    ),
  )

/** The n-th subscription gets the n-th source. */
const inTurn$ = <A>(sources: ReadonlyArray<Observable<A>>): Observable<A> => {
  let nth = 0
  return defer(() => {
    const source$ = sources[nth++]
    if (source$ === undefined) throw new Error('one subscription too many')
    return source$
  })
}

afterEach(() => {
  jest.restoreAllMocks()
})

describe('retryTransient', () => {
  test('mirrors a source that ends without a failure', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-a-(b|)', values)
      const subs = '        ^--!'
      const expected = '    -a-(b|)'
      expectObservable(source$.pipe(retried(policy))).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('subscribes again after a backoff and hides the failures in between', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const first$ = cold(' -(t|)', values)
      const second$ = cold('   -(u|)', values)
      const third$ = cold('         -(a|)', values)
      const subs1 = '       ^!'
      const subs2 = '       ---^!'
      const subs3 = '       --------^!'
      const expected = '    ---------(a|)'
      const source$ = inTurn$([first$, second$, third$])
      expectObservable(source$.pipe(retried(policy))).toBe(expected, values)
      expectSubscriptions(first$.subscriptions).toBe(subs1)
      expectSubscriptions(second$.subscriptions).toBe(subs2)
      expectSubscriptions(third$.subscriptions).toBe(subs3)
    })
  })

  test('unsubscribes at the failure, even if the source would emit more', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-ta-b-|', values)
      const subs1 = '      ^!'
      const subs2 = '      ---^--!'
      const expected = '   ----b-|'
      expectObservable(source$.pipe(retried(policy))).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe([subs1, subs2])
    })
  })

  test('emits the last failure when its retries are exhausted', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('(t|)', values)
      const subs = ['       (^!)', '--(^!)', '------(^!)', '--------------(^!)']
      const expected = '    --------------(t|)'
      const three = { ...policy, retries: 3 }
      expectObservable(source$.pipe(retried(three))).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('emits the first failure if it has no retries', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-(t|)', values)
      const subs = '        ^!'
      const expected = '    -(t|)'
      const none = { ...policy, retries: 0 }
      expectObservable(source$.pipe(retried(none))).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('never retries after a permanent failure', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-a-(f|)', values)
      const subs = '        ^--!'
      const expected = '    -a-(f|)'
      expectObservable(source$.pipe(retried(policy))).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('does not retry a 404', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-(x|)', { x: left(rejected(404)) })
      const subs = '        ^!'
      const expected = '    -(x|)'
      const result$ = source$.pipe(retried(policy))
      expectObservable(result$).toBe(expected, { x: left(rejected(404)) })
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('accepts a backoff of 0 ms', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-(t|)', values)
      const subs = ['       ^!', '-^!', '--^!']
      const expected = '    ---(t|)'
      const hasty = { retries: 2, base: 0, cap: 0 }
      expectObservable(source$.pipe(retried(hasty))).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('emits a Right immediately and restarts the count of retries', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('a(t|)', values)
      const unsub = '       ---------!'
      const subs = ['       ^!', '   ---^!', '   ------^!']
      const expected = '    a--a--a'
      const one = { ...policy, retries: 1 }
      expectObservable(source$.pipe(retried(one)), unsub).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe([...subs])
    })
  })

  test('retries at most three malformed answers in a row', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('(m|)', values)
      const subs = ['       (^!)', '--(^!)', '------(^!)', '--------------(^!)']
      const expected = '    --------------(m|)'
      expectObservable(source$.pipe(retried(policy))).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('waits a little longer than the Retry-After of a 429, without spending a retry', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const throttled$ = cold('(q|)', values)
      const fails$ = cold('(t|)', values)
      const again = '53ms'
      const source$ = inTurn$([throttled$, throttled$, throttled$, fails$, throttled$, fails$])
      const one = { ...policy, retries: 1 }
      expectObservable(source$.pipe(retried(one))).toBe(
        `${again} ${again} ${again} 2ms ${again} (t|)`,
        values,
      )
      expectSubscriptions(throttled$.subscriptions).toBe([
        '(^!)',
        `${again} (^!)`,
        `${again} ${again} (^!)`,
        `${again} ${again} ${again} 2ms (^!)`,
      ])
    })
  })

  test('backs off after a 429 without a Retry-After, without spending a retry', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('(n|)', values)
      const unsub = '       -------------------!'
      const subs = ['       (^!)', '    ------(^!)', '   --------------(^!)']
      const expected = '    --------------------'
      const none = { ...policy, retries: 0 }
      expectObservable(source$.pipe(retried(none)), unsub).toBe(expected)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('waits at least the Retry-After of a 503', () => {
    marbles(({ cold, expectObservable }) => {
      const source$ = inTurn$([cold('(r|)', values), cold('(a|)', values)])
      const expected = '53ms (a|)'
      expectObservable(source$.pipe(retried(policy))).toBe(expected, values)
    })
  })

  test('passes on a defect without retrying', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-a-#', values, new Error('bug'))
      const subs = '        ^--!'
      const expected = '    -a-#'
      const result$ = source$.pipe(retried(policy))
      expectObservable(result$).toBe(expected, values, new Error('bug'))
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('stops the source, or the wait for the next subscription, on unsubscribe', () => {
    const ended = marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('---(t|)', values)
      const subs1 = '       ^--!'
      const subs2 = '       -----^--!'
      expectObservable(source$.pipe(retried(policy)), '----------!').toBe('-----------')
      expectSubscriptions(source$.subscriptions).toBe([subs1, subs2])
      const running$ = cold('--a--(t|)', values)
      const subs = '         ^--!'
      expectObservable(running$.pipe(retried(policy)), '---!').toBe('--a', values)
      expectSubscriptions(running$.subscriptions).toBe(subs)
    })
    expect(ended).toBe(10)
  })

  test('counts retries separately for each subscription', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('(t|)', values)
      const one$ = source$.pipe(retried({ ...policy, retries: 1 }))
      const expected = '    --(t|)'
      expectObservable(one$).toBe(expected, values)
      expectObservable(one$).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe(['(^!)', '(^!)', '--(^!)', '--(^!)'])
    })
  })

  test('survives a thousand failures of a synchronous source', () => {
    const ended = marbles(({ expectObservable }) => {
      let left = 1_000
      const source$ = defer(() => of(left-- > 0 ? values['u'] : values['a']))
      const patient = { retries: 1_000, base: 1, cap: 1 }
      const result$ = (source$ as Observable<Either<Failure, string>>).pipe(
        retried(patient, () => 1),
      )
      expectObservable(result$).toBe('1s (a|)', values)
    })
    expect(ended).toBe(1_000)
  })

  test('can be nested', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('(t|)', values)
      const one = { ...policy, retries: 1 }
      // The inner one: 0, 2. The outer one waits 2 and starts it again: 4, 6.
      const subs = ['(^!)', '--(^!)', '----(^!)', '------(^!)']
      const nested$ = source$.pipe(retried(one), retried(one))
      expectObservable(nested$).toBe('------(t|)', values)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    })
  })

  test('draws its jitter from Math.random by default', () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.25)
    marbles(({ cold, expectObservable }) => {
      const source$ = inTurn$([cold('(t|)', values), cold('(a|)', values)])
      const plain = { retries: 1, base: 4, cap: 16 }
      expectObservable(source$.pipe(retryTransient(plain))).toBe('-(a|)', values)
    })
  })

  test.each(
    ['retries', 'base', 'cap'].flatMap(name =>
      [-1, NaN, 2 ** 31].map((value): [string, number] => [name, value]),
    ),
  )('refuses %s of %d on creation and names it', (name, value) => {
    const make = (): unknown => retryTransient({ ...policy, [name]: value })
    expect(make).toThrow(RangeError)
    expect(make).toThrow(`policy.${name} must be`)
  })

  test('stamps the failure with the number of subscriptions and the time since the first', () => {
    const scheduler = new TestScheduler((actual, expected) => {
      expect(actual).toEqual(expected)
    })
    scheduler.run(({ cold, expectObservable }) => {
      const source$ = cold('-(t|)', values)
      const two = retryTransient<string>(
        { ...policy, retries: 2 },
        { scheduler, random: () => 0.5 },
      )
      const last = left({ ...unreachable('ECONNRESET'), attempts: 3, elapsed: 9 })
      expectObservable(source$.pipe(two)).toBe('9ms (f|)', { f: last })
      const later$ = timer(100).pipe(switchMap(() => source$.pipe(two)))
      expectObservable(later$).toBe('109ms (f|)', { f: last })
    })
  })

  test('waits on the given scheduler', () => {
    const scheduler = new VirtualTimeScheduler()
    const seen: unknown[] = []
    const source$ = inTurn$([of(values['t']), of(values['a'])]) as Observable<
      Either<Failure, string>
    >
    source$
      .pipe(retryTransient(policy, { scheduler, random: () => 0.5 }))
      .subscribe(value => seen.push(value))
    expect(seen).toEqual([])
    scheduler.flush()
    expect(seen).toEqual([values['a']])
    expect(scheduler.now()).toBe(2)
  })

  test('needs neither a policy nor a scheduler', async () => {
    const source$ = of(left(rejected(403))).pipe(retryTransient())
    expect(await lastValueFrom(source$)).toMatchObject({ left: { _tag: 'Rejected', attempts: 1 } })
  })

  test('has the default retries of a watch without a policy', () => {
    marbles(({ cold, expectSubscriptions }) => {
      const source$ = cold('(t|)', values)
      source$.pipe(retryTransient({}, { random: () => 0 })).subscribe()
      expectSubscriptions(source$.subscriptions).toBe(
        Array.from({ length: 1 + defaultRetry.retries }, () => '(^!)'),
      )
    })
  })
})
