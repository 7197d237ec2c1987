import { describe, expect, test } from '@jest/globals'
import { isLeft, right, type Either } from 'fp-ts/Either'
import {
  BehaviorSubject,
  concat,
  defer,
  EMPTY,
  finalize,
  map,
  of,
  Subject,
  takeUntil,
  throwError,
  timer,
  type Observable,
  type ObservableInput,
} from 'rxjs'
import {
  createUploadStatusClient,
  requestBudget,
  spaced,
  uploadStatuses$,
  type UploadStatusClient,
  type ExpectedUpload,
  type Failure,
  type TrackedStatus,
  type UploadEntry,
  type UploadRef,
  type UploadStatus,
  type WatchEvent,
  type WatchManyOptions,
} from 'rx-upload-status'
import { marbles, type Marbles } from './marbles'

// Entries that change a running stream: removals and priorities.

const ref = (upload: string): UploadRef => ({ account: 'acct_1', upload })

const [a, b, c] = [ref('a'), ref('b'), ref('c')]

const statusOf = (upload: string, status: UploadStatus['status']): UploadStatus => {
  const body = { prefixed_id: upload, media: { id: 7 }, error: 'Given up.', extra: {} }
  return { ...body, status }
}

interface World extends Marbles {
  /** Each request, with the times of its start and end. */
  readonly asked: { readonly upload: string; readonly from: number; to: number }[]
  /** The values of a stream, and its event Stopped. */
  readonly seen: string[]
  readonly options: WatchManyOptions
  readonly on: (event: WatchEvent) => void
  readonly note: (tracked$: Observable<TrackedStatus>) => void
  readonly uploads$: Subject<UploadEntry | readonly UploadEntry[]>
}

/** Uploads are pending, and their answers take 5 ms; `ended` ones are completed. Polls are 10 ms apart. */
const inWorld = (play: (world: World) => void, ended: readonly string[] = []): void => {
  marbles(helpers => {
    const { clock } = helpers
    const asked: World['asked'] = []
    const seen: string[] = []
    const request$ = ({ upload }: UploadRef): Observable<Either<Failure, UploadStatus>> =>
      defer(() => {
        const one = { upload, from: clock(), to: Infinity }
        asked.push(one)
        const status = statusOf(upload, ended.includes(upload) ? 'completed' : 'pending')
        return timer(5).pipe(
          map(() => right(status)),
          finalize(() => {
            one.to = clock()
          }),
        )
      })
    const say = (what: string): void => {
      seen.push(`${String(clock())} ${what}`)
    }
    play({
      ...helpers,
      asked,
      seen,
      uploads$: new Subject(),
      options: { request: request$, schedule: spaced(10), random: () => 0.5, clock },
      on: ({ _tag, upload }) => {
        if (_tag === 'Stopped') say(`${upload}:Stopped`)
      },
      note: tracked$ => {
        tracked$.subscribe({
          next: ({ upload, status }) => {
            say(`${upload}:${isLeft(status) ? status.left._tag : status.right.status}`)
          },
          complete: () => {
            say('complete')
          },
          error: say,
        })
      },
    })
  })
}

describe('an upload that is removed from a stream', () => {
  test('stops immediately, and emits nothing more; the others continue', () => {
    inWorld(
      ({ uploads$, options, on, note, at, seen, asked }) => {
        note(uploadStatuses$(uploads$, { ...options, on }))
        uploads$.next([a, b, c])
        // The request for a and the timer of b.
        at(2, () => {
          uploads$.next({ remove: a })
        })
        at(12, () => {
          uploads$.next([{ remove: b }])
        })
        at(40, () => {
          expect(asked.find(({ upload }) => upload === 'a')?.to).toBe(2)
          expect(asked.map(({ upload }) => upload)).toEqual(['a', 'b', 'c'])
          expect(seen).toEqual(['2 a:Stopped', '5 b:pending', '5 c:completed', '12 b:Stopped'])
        })
      },
      ['c'],
    )
  })

  test('does not keep the stream from completing', () => {
    inWorld(({ uploads$, options, note, at, seen }) => {
      note(uploadStatuses$(uploads$, options))
      uploads$.next(a)
      at(20, () => {
        uploads$.next({ remove: a })
        uploads$.next(b)
        uploads$.next({ remove: b })
        uploads$.complete()
      })
      at(30, () => {
        expect(seen).toEqual(['5 a:pending', '20 complete'])
      })
    })
  })

  test('sends no request if it was added in the same turn', () => {
    inWorld(({ options, note, at, seen, asked }) => {
      note(uploadStatuses$([a, { remove: a }], options))
      at(20, () => {
        expect([seen, asked]).toEqual([['0 complete'], []])
      })
    })
  })

  test.each<readonly [string, ExpectedUpload]>([
    ['of two platforms', { ...a, platform: 'fansly' }],
    ['with a slash in its id', ref('a/b')],
  ])('emits no failure for an invalid reference %s that was added in the same turn', (_, wrong) => {
    inWorld(({ options, note, at, seen }) => {
      note(
        uploadStatuses$([wrong, wrong, { remove: wrong }, { ...b, platform: 'fansly' }], options),
      )
      at(20, () => {
        expect(seen).toEqual(['0 b:InvalidRequest', '0 complete'])
      })
    })
  })

  test('frees its place in the queue and its slot in the budget', () => {
    inWorld(({ uploads$, options, clock, note, at, asked }) => {
      const budget = requestBudget({ perMinute: 600, inFlight: 1, clock })
      note(uploadStatuses$(uploads$, { ...options, budget }))
      uploads$.next([a, b, c])
      at(2, () => {
        expect(budget.load().queue).toBe(2)
        uploads$.next([{ remove: a }, { remove: b }])
        expect(budget.load()).toMatchObject({ queue: 1 })
      })
      at(3, () => {
        expect(asked.map(({ upload, from }) => [upload, from])).toEqual([
          ['a', 0],
          ['c', 2],
        ])
        uploads$.next({ remove: c })
        expect(budget.load()).toMatchObject({ queue: 0, running: 0 })
      })
    })
  })

  test('has no effect if it has ended or was never added', () => {
    inWorld(
      ({ uploads$, options, on, note, at, seen }) => {
        note(uploadStatuses$(uploads$, { ...options, on }))
        uploads$.next([{ remove: b }, a])
        at(10, () => {
          uploads$.next([{ remove: a }, { remove: a }])
          uploads$.complete()
        })
        at(20, () => {
          expect(seen).toEqual(['5 a:completed', '10 complete'])
        })
      },
      ['a'],
    )
  })

  test('is a new watch if it is added again, even during its last event', () => {
    inWorld(({ uploads$, options, note, at, clock }) => {
      const attempts: string[] = []
      const on = (event: WatchEvent): void => {
        if (event._tag === 'AttemptStarted')
          attempts.push(`${String(clock())}: ${String(event.attempt)}`)
        if (event._tag === 'Stopped' && clock() === 40) uploads$.next(a)
      }
      note(uploadStatuses$(uploads$, { ...options, on }))
      uploads$.next(a)
      at(20, () => {
        uploads$.next([{ remove: a }, a])
      })
      at(40, () => {
        uploads$.next({ remove: a })
      })
      at(42, () => {
        expect(attempts).toEqual(['0: 1', '15: 2', '20: 1', '35: 2', '40: 1'])
        uploads$.next({ remove: a })
        uploads$.complete()
      })
    })
  })

  test('may be removed during its own value', () => {
    inWorld(({ options, at, asked }) => {
      const uploads$ = new BehaviorSubject<UploadEntry>(a)
      uploadStatuses$(uploads$, options).subscribe(() => {
        uploads$.next({ remove: a })
      })
      at(40, () => {
        expect(asked).toHaveLength(1)
        uploads$.complete()
      })
    })
  })

  test('is given as a valid reference; otherwise the entry is watched or ends with InvalidRequest', () => {
    inWorld(({ uploads$, options, note, at, seen }) => {
      note(uploadStatuses$(uploads$, options))
      // An entry with the members of a reference is one, whatever other members it has.
      uploads$.next({ ...a, ...{ remove: b } })
      const nonsense: unknown = JSON.parse('{ "remove": "a" }')
      uploads$.next(nonsense as UploadEntry)
      at(8, () => {
        expect(seen).toEqual(['0 a:InvalidRequest', '5 a:pending'])
        uploads$.next({ remove: a })
        uploads$.complete()
      })
    })
  })
})

describe('a stream that ends during an entry of its source', () => {
  test('starts no watch for the rest of a list', () => {
    inWorld(({ uploads$, options, note, at, seen, asked }) => {
      const left$ = new Subject<void>()
      const on = ({ _tag }: WatchEvent): void => {
        if (_tag === 'Stopped') left$.next()
      }
      note(uploadStatuses$(uploads$, { ...options, on }).pipe(takeUntil(left$)))
      uploads$.next(a)
      at(2, () => {
        uploads$.next([{ remove: a }, b])
      })
      at(40, () => {
        expect(seen).toEqual(['2 complete'])
        expect(asked.map(({ upload }) => upload)).toEqual(['a'])
      })
    })
  })

  /** Follows a running watch of a, and stops it in the same turn; then emits b. */
  const entriesOf$ = (client: UploadStatusClient, rest: ObservableInput<never> = EMPTY) => {
    const other = client.uploadStatus$('acct_1', 'a').subscribe()
    const leave$ = defer(() => {
      other.unsubscribe()
      return EMPTY
    })
    const wrong: ExpectedUpload = { ...c, platform: 'fansly' }
    return concat(of(wrong, a), leave$, of({ remove: a }, b), rest)
  }

  test('starts no watch for later entries', () => {
    inWorld(({ options, note, at, seen, asked }) => {
      const left$ = new Subject<void>()
      const on = ({ _tag }: WatchEvent): void => {
        if (_tag === 'Stopped') left$.next()
      }
      const client = createUploadStatusClient(options)
      const entries$ = entriesOf$(client)
      at(2, () => {
        note(client.uploadStatuses$(entries$, { on }).pipe(takeUntil(left$)))
      })
      at(40, () => {
        expect(seen).toEqual(['2 complete'])
        expect(asked.map(({ upload }) => upload)).toEqual(['a'])
      })
    })
  })

  test.each<readonly [string, ObservableInput<never>]>([
    ['end', EMPTY],
    ['error', throwError(() => new Error('lost'))],
  ])('by its signal ignores later entries and the %s of the source', (_, rest) => {
    inWorld(({ options, note, at, seen, asked }) => {
      const controller = new AbortController()
      const on = ({ _tag }: WatchEvent): void => {
        if (_tag === 'Stopped') controller.abort()
      }
      const client = createUploadStatusClient(options)
      const entries$ = entriesOf$(client, rest)
      at(2, () => {
        note(client.uploadStatuses$(entries$, { on, signal: controller.signal }))
      })
      at(40, () => {
        expect(seen).toEqual(['2 c:InvalidRequest', '2 complete'])
        expect(asked.map(({ upload }) => upload)).toEqual(['a'])
      })
    })
  })
})

describe('an upload that is removed from a stream of a client', () => {
  test('continues for its other subscribers, without an event', () => {
    inWorld(({ uploads$, options, on, note, at, seen }) => {
      const client = createUploadStatusClient(options)
      const other = client.uploadStatus$('acct_1', 'a').subscribe()
      note(client.uploadStatuses$(uploads$, { on }))
      uploads$.next(a)
      at(2, () => {
        uploads$.next({ remove: a })
      })
      at(40, () => {
        expect(seen).toEqual([])
        other.unsubscribe()
      })
    })
  })

  test('stops immediately without other subscribers, and its subscriber receives Stopped', () => {
    inWorld(({ uploads$, options, on, note, at, seen, asked }) => {
      const client = createUploadStatusClient(options)
      // A subscriber that left before does not count.
      client.uploadStatus$('acct_1', 'a').subscribe().unsubscribe()
      const other = client.uploadStatus$('acct_1', 'a').subscribe()
      note(client.uploadStatuses$(uploads$, { on }))
      uploads$.next([a, b])
      other.unsubscribe()
      at(2, () => {
        uploads$.next({ remove: a })
      })
      at(8, () => {
        expect(asked.map(({ upload, to }) => [upload, to])).toEqual([
          ['a', 2],
          ['b', 5],
        ])
        expect(seen).toEqual(['2 a:Stopped', '5 b:pending'])
        uploads$.next({ remove: b })
        uploads$.complete()
      })
    })
  })

  test('emits nothing from the cache, and its latest status once if it is added again', () => {
    inWorld(
      ({ uploads$, options, note, at, seen }) => {
        const client = createUploadStatusClient(options)
        const others = client.uploadStatuses$([a, b]).subscribe()
        at(8, () => {
          note(client.uploadStatuses$(uploads$))
          uploads$.next([a, { remove: a }, b, { remove: b }, b])
        })
        at(9, () => {
          expect(seen).toEqual(['8 b:pending'])
          uploads$.next([a, a, { remove: b }])
          uploads$.complete()
        })
        at(10, () => {
          expect(seen.slice(1)).toEqual(['9 a:completed', '9 complete'])
          others.unsubscribe()
        })
      },
      ['a'],
    )
  })

  test('is not in the snapshot; the others are, with their priority', () => {
    inWorld(({ uploads$, options, note, at }) => {
      const client = createUploadStatusClient(options)
      note(client.uploadStatuses$(uploads$))
      uploads$.next([a, { ...b, priority: 2 }])
      at(8, () => {
        uploads$.next({ remove: a })
        expect(client.snapshot().watches).toMatchObject([{ ...b, priority: 2 }])
        void client.close()
      })
    })
  })
})

describe('the priority of an upload', () => {
  const urgent = (upload: UploadRef, priority = 1): ExpectedUpload => ({ ...upload, priority })

  /** The order in which uploads are polled, one request at a time. */
  const orderOf = (
    play: (uploads$: World['uploads$'], at: Marbles['at']) => void,
    until = 100,
    between = 1_000,
  ): string => {
    let order = ''
    inWorld(({ uploads$, options, clock, at, asked }) => {
      const budget = requestBudget({ perMinute: 100_000, inFlight: 1, clock })
      const subscription = uploadStatuses$(uploads$, {
        ...options,
        schedule: spaced(between),
        budget,
      }).subscribe()
      play(uploads$, at)
      at(until, () => {
        order = asked.map(({ upload }) => upload).join('')
        subscription.unsubscribe()
      })
    })
    return order
  }

  const crowd = ['m', 'n', 'o', 'p', 'q', 'r'].map(ref)

  test('decides the order of queued uploads, the highest first; 0 by default', () => {
    expect(
      orderOf(uploads$ => {
        uploads$.next([...crowd, urgent(a), urgent(b, 2), urgent(c, -1)])
      }),
    ).toBe('mbanopqrc')
  })

  test('applies to an upload that is added while others wait', () => {
    expect(
      orderOf((uploads$, at) => {
        uploads$.next(crowd)
        at(7, () => {
          uploads$.next(urgent(a, Infinity))
        })
      }),
    ).toBe('mnaopqr')
  })

  test('may change while the request of a running watch is queued', () => {
    expect(
      orderOf((uploads$, at) => {
        uploads$.next(crowd)
        at(7, () => {
          uploads$.next([urgent(ref('r')), urgent(ref('p'), -1), urgent(ref('n'))])
        })
      }),
    ).toBe('mnroqp')
  })

  test('may change while a later request of a running watch is queued', () => {
    expect(
      orderOf(
        (uploads$, at) => {
          uploads$.next(crowd)
          at(47, () => {
            uploads$.next(urgent(ref('r')))
          })
        },
        59,
        15,
      ),
    ).toBe('mnopqrmnoprq')
  })

  test('that is given again does not move a queued request', () => {
    expect(
      orderOf((uploads$, at) => {
        uploads$.next([...crowd, urgent(a), urgent(b)])
        at(2, () => {
          uploads$.next([ref('n'), urgent(ref('o'), 0), urgent(a)])
        })
      }),
    ).toBe('mabnopqr')
  })

  test('may change between two polls, and does not move the next one', () => {
    inWorld(({ uploads$, options, clock, at, asked }) => {
      const budget = requestBudget({ perMinute: 100_000, clock })
      const errors: unknown[] = []
      const subscription = uploadStatuses$(uploads$, { ...options, budget }).subscribe({
        error: (defect: unknown) => errors.push(defect),
      })
      uploads$.next(a)
      at(10, () => {
        uploads$.next(urgent(a))
      })
      at(29, () => {
        expect(asked.map(({ from }) => from)).toEqual([0, 15])
        expect(errors).toEqual([])
        subscription.unsubscribe()
      })
    })
  })

  test('does not affect a request in flight', () => {
    inWorld(({ uploads$, options, clock, at, asked }) => {
      const budget = requestBudget({ perMinute: 100_000, clock })
      const subscription = uploadStatuses$(uploads$, { ...options, budget }).subscribe()
      uploads$.next(a)
      at(2, () => {
        uploads$.next(urgent(a))
      })
      at(17, () => {
        uploads$.next([urgent(a, 2), urgent(a, 2)])
      })
      at(29, () => {
        expect(asked.map(({ from, to }) => [from, to])).toEqual([
          [0, 5],
          [15, 20],
        ])
        subscription.unsubscribe()
      })
    })
  })

  test('that is not a number ends the watch, and nothing is sent', () => {
    inWorld(({ uploads$, options, at, asked }) => {
      const values: unknown[] = []
      uploadStatuses$(uploads$, options).subscribe(({ status }) => {
        if (isLeft(status)) values.push(status.left)
      })
      uploads$.next([urgent(a, NaN), { ...b, ...JSON.parse('{ "priority": "high" }') }])
      uploads$.complete()
      at(1, () => {
        const invalid = { _tag: 'InvalidRequest', which: 'priority', why: 'must be a number' }
        expect(values).toMatchObject([invalid, invalid])
        expect(asked).toEqual([])
      })
    })
  })
})
