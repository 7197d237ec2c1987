import { describe, expect, jest, test } from '@jest/globals'
import { left, right } from 'fp-ts/Either'
import { concat, NEVER, of, Subject, type Observable } from 'rxjs'
import { expired, type TrackedStatus, type WatchEvent } from 'rx-upload-status'
import { nameOf } from './fate'
import { visit$, type Visit } from './visit'

const upload = nameOf(1, 1, { end: 'completed', pendingFor: 0, processingFor: 0, isCalm: true })
const ref = { account: 'acct_1', upload }
const pending: TrackedStatus = { ...ref, status: right({ status: 'pending', prefixed_id: upload }) }
const gaveUp: TrackedStatus = { ...ref, status: left(expired(1)) }
const started: WatchEvent = { _tag: 'AttemptStarted', attempt: 1, late: 0, at: 0, ...ref }

const visited = (
  watch$: Visit['watch$'] | Observable<TrackedStatus>,
  options: Partial<Visit> = {},
): { readonly went: readonly string[]; readonly reports: readonly string[] } => {
  const [went, reports]: string[][] = [[], []]
  const visit: Visit = {
    who: 'a',
    uploads: [upload],
    watch$: typeof watch$ === 'function' ? watch$ : () => watch$,
    leaving: { when: 'never' },
    throws: false,
    isAlone: true,
    mustSucceed: false,
    longest: 1_000,
    ...options,
  }
  visit$(visit, what => reports?.push(what)).subscribe(end => went?.push(end))
  return { went: went ?? [], reports: reports ?? [] }
}

describe('a visit', () => {
  test('reports how it ended', () => {
    expect(visited(of(pending, gaveUp))).toEqual({ went: ['Expired'], reports: [] })
  })

  test('that never ends is reported as stuck', () => {
    jest.useFakeTimers()
    const { went, reports } = visited(concat(of(pending), NEVER))
    jest.advanceTimersByTime(1_000)
    expect(reports).toEqual([`stuck: a: ${upload} after 1000 ms`])
    expect(went).toEqual(['left'])
    jest.useRealTimers()
  })

  test('has more time after another upload was added', () => {
    jest.useFakeTimers()
    let name = (): void => undefined
    const { reports } = visited((_, named) => {
      name = named
      return NEVER
    })
    jest.advanceTimersByTime(900)
    name()
    jest.advanceTimersByTime(900)
    expect(reports).toEqual([])
    jest.advanceTimersByTime(100)
    expect(reports).toHaveLength(1)
    jest.useRealTimers()
  })

  test('of a calm upload that fails is reported', () => {
    expect(visited(of(gaveUp), { mustSucceed: true }).reports).toEqual([
      expect.stringMatching(/^calm: a: .*Expired/),
    ])
  })

  test('unsubscribes during a value, and receives nothing more', () => {
    const said$ = new Subject<TrackedStatus>()
    const { went } = visited(said$, { leaving: { when: 'in next', values: 2 } })
    said$.next(pending)
    expect(said$.observed).toBe(true)
    said$.next(pending)
    expect(said$.observed).toBe(false)
    expect(went).toEqual(['left'])
  })

  test('reports an attempt after it unsubscribed during an event', () => {
    const { went, reports } = visited(
      on => {
        on(started)
        on(started)
        return NEVER
      },
      { leaving: { when: 'in on', event: 'AttemptStarted' } },
    )
    expect(went).toEqual(['left'])
    expect(reports).toEqual(['grammar: a: an attempt after it was left'])
  })
})
