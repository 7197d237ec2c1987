import { describe, expect, test } from '@jest/globals'
import { getEventListeners } from 'node:events'
import fc from 'fast-check'
import { isLeft, right } from 'fp-ts/Either'
import { defer, map, merge, Subject, timer } from 'rxjs'
import {
  createUploadStatusClient,
  requestBudget,
  spaced,
  uploadStatuses$,
  type ExpectedUpload,
  type UploadStatus,
} from 'rx-upload-status'
import { completed, pending, processing, startSandbox } from 'rx-upload-status/sandbox'
import { settingsOf } from '../src/options'
import { createWatches } from '../src/watch/bulk/watches'
import { shareWatches } from '../src/watch/bulk/sharedWatches'
import { trackedStatuses$ } from '../src/trackedStatuses'
import { answer } from './answers'
import { marbles } from './marbles'
import { bodyOf, inWorld, refs } from './manyUploads'

describe('many uploads share', () => {
  test('one listener on the signal, which ends all', () => {
    const controller = new AbortController()
    inWorld({ a: ['pending'], b: ['pending'] }, ({ watchAll$, note, seen, at, flush }) => {
      note(watchAll$(refs('a', 'b'), { signal: controller.signal }))
      at(5, () => {
        expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
        controller.abort()
      })
      flush()
      expect(seen.slice(2)).toEqual([
        [5, 'a:Cancelled'],
        [5, 'b:Cancelled'],
        [5, 'complete'],
      ])
    })
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  test('one subscription to activity$, whose pause applies to uploads that are added during it', () => {
    inWorld(
      { a: ['pending'] },
      ({ watchAll$, note, asked, at, hot, flush, expectSubscriptions }) => {
        const activity$ = hot('---f---------------t', { f: false, t: true })
        const more$ = new Subject<ExpectedUpload>()
        const subscription = note(watchAll$(merge(refs('a'), more$), { activity$ }))
        at(10, () => {
          more$.next({ account: 'acct_1', upload: 'b' })
        })
        at(25, () => {
          subscription.unsubscribe()
        })
        flush()
        expect(asked.map(({ upload, from }) => [upload, from])).toEqual([
          ['a', 0],
          ['b', 19],
          ['a', 24],
        ])
        expectSubscriptions(activity$.subscriptions).toBe('^------------------------!')
      },
    )
  })

  test('one source of pushes, which go to their upload', () => {
    const pushed: UploadStatus = { status: 'failed', prefixed_id: 'b', error: 'Given up.' }
    inWorld({ a: ['pending'], b: ['pending'] }, ({ watchAll$, note, seen, cold, flush }) => {
      const push = {
        statuses$: cold('-----p', { p: { account: 'acct_1', upload: 'b', status: pushed } }),
      }
      note(watchAll$(refs('a', 'b'), { push, deadline: 8 }))
      flush()
      expect(seen.slice(2)).toEqual([
        [5, 'b:failed'],
        [8, 'a:Expired'],
        [8, 'complete'],
      ])
    })
  })
})

describe('a client', () => {
  test('polls an upload once for all its streams and single watches', () => {
    inWorld({ a: ['pending', 'completed'] }, ({ shared, note, seen, asked, at, flush }) => {
      const one = shared({}, 250)
      note(trackedStatuses$(refs('a'), () => one))
      at(5, () => {
        note(trackedStatuses$(refs('a'), () => one))
      })
      flush()
      expect(asked).toHaveLength(2)
      expect(seen).toEqual([
        [1, 'a:pending'],
        [5, 'a:pending'],
        [12, 'a:completed'],
        [12, 'a:completed'],
        [12, 'complete'],
        [12, 'complete'],
      ])
    })
  })

  test('continues for the remaining subscribers when one unsubscribes', () => {
    inWorld({ a: ['pending', 'completed'] }, ({ shared, note, seen, at, flush }) => {
      const one = shared({}, 250)
      const left$ = note(trackedStatuses$(refs('a'), () => one))
      note(trackedStatuses$(refs('a'), () => one))
      at(5, () => {
        left$.unsubscribe()
      })
      flush()
      expect(seen).toEqual([
        [1, 'a:pending'],
        [1, 'a:pending'],
        [12, 'a:completed'],
        [12, 'complete'],
      ])
    })
  })

  test('emits nothing during subscribe, even from its cache', async () => {
    const sandbox = await startSandbox()
    const { apiKey, url: baseUrl } = sandbox
    const client = createUploadStatusClient({ apiKey, baseUrl, schedule: spaced(5) })
    const ref = sandbox.script('acct_sandbox', [pending(), processing(), completed()])
    const follow = (): Promise<readonly string[]> =>
      new Promise(resolve => {
        const all: string[] = []
        let isSubscribing = true
        client.uploadStatuses$([ref]).subscribe({
          next: ({ status }) => {
            expect(isSubscribing).toBe(false)
            all.push(isLeft(status) ? status.left._tag : status.right.status)
          },
          complete: () => {
            resolve(all)
          },
        })
        isSubscribing = false
      })
    expect(await follow()).toEqual(['pending', 'processing', 'completed'])
    expect(await follow()).toEqual(['completed'])
    expect(sandbox.requests().filter(({ upload }) => upload === ref.upload)).toHaveLength(3)
    await sandbox.close()
  })
})

describe('the budget of many uploads', () => {
  test('allows 32 requests in flight by default', async () => {
    const sandbox = await startSandbox()
    const { apiKey, url: baseUrl } = sandbox
    const uploads = Array.from({ length: 100 }, () => sandbox.script('acct_sandbox', [completed()]))
    let inFlight = 0
    let most = 0
    await new Promise<void>(resolve => {
      uploadStatuses$(uploads, {
        apiKey,
        baseUrl,
        fetch: async (url, init) => {
          inFlight += 1
          most = Math.max(most, inFlight)
          try {
            return await globalThis.fetch(url, init)
          } finally {
            inFlight -= 1
          }
        },
      }).subscribe({ complete: resolve })
    })
    expect(most).toBe(32)
    await sandbox.close()
  })

  test('polls first what has likely ended, so an upload with a later hint waits', () => {
    inWorld(
      { a: ['pending'], b: ['pending'], c: ['pending'] },
      ({ watchAll$, note, asked, at, flush, clock }) => {
        const budget = requestBudget({ perMinute: 60, burst: 1, clock })
        const [a, b, c] = refs('a', 'b', 'c')
        const uploads = [a, { ...b, hint: 6_000 }, c].flatMap(ref =>
          ref?.upload === undefined ? [] : [{ account: 'acct_1', ...ref, upload: ref.upload }],
        )
        const subscription = note(watchAll$(uploads, { budget }))
        at(9_500, () => {
          subscription.unsubscribe()
        })
        flush()
        // b is unlikely to end before 3 s. After that it is polled more often than the others.
        expect(asked.map(({ upload }) => upload).join('')).toBe('acabcbabcb')
      },
    )
  })

  const arrival = fc.record({
    at: fc.nat({ max: 120_000 }),
    lasts: fc.nat({ max: 90_000 }),
    hint: fc.option(fc.nat({ max: 100_000 }), { nil: undefined }),
  })

  test('never exceeds its limit in any minute, and starves no upload', () => {
    fc.assert(
      fc.property(
        fc.array(arrival, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 5, max: 60 }),
        (arrivals, perMinute) => {
          marbles(({ at, clock }) => {
            const starts: { readonly upload: string; readonly at: number }[] = []
            const settled = new Map<string, number>()
            const budget = requestBudget({ perMinute, clock })
            const uploads$ = new Subject<ExpectedUpload>()
            const endOf = (upload: string): number => {
              const given = arrivals[Number(upload)] ?? { at: 0, lasts: 0 }
              return given.at + given.lasts
            }
            const watches = createWatches(
              ({ upload }) =>
                right(
                  defer(() => {
                    starts.push({ upload, at: clock() })
                    const status = clock() >= endOf(upload) ? 'completed' : 'processing'
                    return timer(50).pipe(map(() => answer(200, bodyOf(status, upload))))
                  }),
                ),
              settingsOf({ budget, clock, random: () => 0.5 }),
            )
            trackedStatuses$(uploads$, () => shareWatches(watches, 0)).subscribe(
              ({ upload, status }) => {
                if (!isLeft(status) && status.right.status === 'completed')
                  settled.set(upload, clock())
              },
            )
            for (const [nth, { at: time, hint }] of arrivals.entries())
              at(time, () => {
                uploads$.next({ account: 'acct_1', upload: String(nth), hint })
              })
            at(3_600_000, () => {
              for (const { at: from } of starts) {
                const inMinute = starts.filter(each => each.at >= from && each.at < from + 60_000)
                expect(inMinute.length).toBeLessThanOrEqual(perMinute)
              }
              // While n wait, at most 7 n others are admitted first; the schedule waits at most 30 s.
              const round = (arrivals.length / perMinute) * 60_000
              for (const [nth, { at: time, lasts }] of arrivals.entries()) {
                const late = (settled.get(String(nth)) ?? Infinity) - (time + lasts)
                expect(late).toBeLessThan(7 * round + 60_000 + 30_000 + 50)
              }
              expect(settled.size).toBe(arrivals.length)
            })
          })
        },
      ),
      { numRuns: 30 },
    )
  })
})
