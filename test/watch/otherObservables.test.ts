import { describe, expect, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { of, Subject, timer, type Observable, type Observer } from 'rxjs'
import type { PushedStatus } from '../../src/watch/push'
import { spaced } from '../../src/watch/schedule'
import { completed, ok, pending, processing, ref } from '../answers'
import { engines } from '../engines'
import { virtualTimeOf } from '../virtualTime'

/** An observable of another library: it has `subscribe`, and no `pipe`. */
const ofOtherLibrary$ = <A>(source$: Observable<A>): Observable<A> => {
  const other = { subscribe: (observer: Observer<A>) => source$.subscribe(observer) }
  return other as never
}

describe.each(engines)('%s', (_, engine) => {
  const inVirtualTime = virtualTimeOf(engine)

  test('follows observables of another library, and leaves them', () => {
    const activity$ = new Subject<boolean>()
    const poll$ = new Subject<null>()
    const statuses$ = new Subject<PushedStatus>()
    const seen: unknown[] = []
    inVirtualTime({ p: ok(pending), c: ok(completed) }, ({ watch$, flush, requests }) => {
      watch$(['(p|)', '(p|)', '(c|)'], {
        schedule: spaced(600),
        activity$: ofOtherLibrary$(activity$),
        poll$: ofOtherLibrary$(poll$),
        push: { statuses$: ofOtherLibrary$(statuses$), alive$: ofOtherLibrary$(of(false)) },
      }).subscribe(value => seen.push(value))
      timer(100).subscribe(() => {
        poll$.next(null)
      })
      timer(200).subscribe(() => {
        statuses$.next({ ...ref, status: processing })
      })
      timer(300).subscribe(() => {
        activity$.next(false)
      })
      timer(2_000).subscribe(() => {
        activity$.next(true)
      })
      flush()
      expect(requests.map(({ from }) => from)).toEqual([0, 100, 2_300])
    })
    expect(seen).toEqual([pending, processing, completed].map(right))
    expect([activity$, poll$, statuses$].map(({ observed }) => observed)).toEqual([
      false,
      false,
      false,
    ])
  })
})
