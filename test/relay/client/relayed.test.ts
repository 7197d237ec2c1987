import { describe, expect, jest, test } from '@jest/globals'
import { left, right } from 'fp-ts/Either'
import { BehaviorSubject, lastValueFrom, Subject, tap, toArray, type Observable } from 'rxjs'
import {
  uploadView$,
  type TrackedStatus,
  type UploadEntry,
  type WatchEvent,
} from 'rx-upload-status'
import { createStatusRelay, nodeListener } from 'rx-upload-status/relay'
import {
  relayedSource,
  relayedUploadStatus$,
  relayedUploadStatuses$,
  type RelayedOptions,
} from 'rx-upload-status/relay/client'
import { completed, pending, processing, ref } from '../../answers'
import { bytes, end, inTurn, reset, whole, type Reply } from '../../http/rawServer'
import { wire } from '../../http/wire'
import { byHand, permissive } from '../byHand'
import { listen } from '../hosts'

const quick: RelayedOptions = { retry: { retries: 2, base: 1, cap: 2 }, silence: 2_000 }

const streamHead = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n'

/** The bytes that a relay writes for values. */
const events = (...values: readonly unknown[]): string =>
  values.map(status => `data: ${JSON.stringify({ ...ref, status })}\n\n`).join('')

const stream = (text: string, then = end): Reply => bytes(streamHead + text, then)

const all = <A>(source$: Observable<A>): Promise<readonly A[]> =>
  lastValueFrom(source$.pipe(toArray()))

const follow = (url: string, options: RelayedOptions = {}) =>
  all(relayedUploadStatus$(url, ref.account, ref.upload, { ...quick, ...options }))

const lost = (failure: object) => left(expect.objectContaining(failure))

const idOf = (request: string | undefined): string | undefined =>
  /^last-event-id: (\d+)$/im.exec(request ?? '')?.[1]

test('a view with a failed relayed watch watches again when the page becomes visible', async () => {
  const server = await wire(inTurn(whole(503), stream(events(right(completed)))))
  const activity$ = new BehaviorSubject(true)
  const source = relayedSource(server.url, { retry: { retries: 0 }, activity$ })
  const phases: string[] = []
  await lastValueFrom(
    uploadView$(source, ref.account, ref.upload).pipe(
      tap(({ phase }) => {
        if (phase !== phases.at(-1)) phases.push(phase)
        if (phase !== 'unknown') return
        activity$.next(false)
        activity$.next(true)
      }),
    ),
  )
  expect(phases).toEqual(['waiting', 'unknown', 'waiting', 'completed'])
  await server.close()
})

describe('a relayed watch', () => {
  test('resumes after the last event if its stream is closed or reset', async () => {
    for (const then of [end, reset]) {
      const server = await wire(
        inTurn(
          stream(events(right(pending)), then),
          stream(events(right(pending), right(processing)), then),
          stream(events(right(completed))),
        ),
      )
      expect(await follow(server.url)).toEqual([pending, processing, completed].map(right))
      expect(server.requests.map(idOf)).toEqual([undefined, '1', '2'])
      await server.close()
    }
  })

  test('waits for the `retry` of the relay before it reconnects', async () => {
    const server = await wire(inTurn(stream('retry: 50\n\n'), stream(events(right(completed)))))
    const waits: number[] = []
    const on = (event: WatchEvent): void => {
      if (event._tag === 'RetryScheduled') waits.push(event.wait)
    }
    await follow(server.url, { on })
    expect(waits).toEqual([expect.any(Number)])
    expect(waits[0]).toBeGreaterThanOrEqual(50)
  })

  test.each<[string, Reply, object, RelayedOptions?]>([
    ['answers 401', whole(401), { _tag: 'Rejected', status: 401, attempts: 1 }],
    ['answers 403', whole(403), { _tag: 'Rejected', status: 403, attempts: 1 }],
    ['redirects', whole(302, '', { location: '/' }), { _tag: 'Rejected', status: 302 }],
    [
      'closes every stream immediately',
      stream(''),
      { _tag: 'Unreachable', code: 'CLOSED', attempts: 3 },
    ],
    ['answers 503', whole(503), { _tag: 'Unavailable', status: 503, attempts: 3 }],
    ['answers with HTML', whole(200, '<html>'), { _tag: 'Unavailable', status: 200, attempts: 3 }],
    [
      'stops sending',
      stream('', () => undefined),
      { _tag: 'TimedOut', phase: 'body', attempts: 3 },
      { silence: 40 },
    ],
    [
      'does not answer',
      () => undefined,
      { _tag: 'TimedOut', phase: 'headers', attempts: 3 },
      { attemptTimeout: 40 },
    ],
    [
      'sends an event that is too long',
      stream(`data: ${'x'.repeat(70_000)}`),
      { _tag: 'Malformed', reason: 'oversized', attempts: 1 },
    ],
    ['sends invalid JSON', stream('data: {\n\n'), { _tag: 'Malformed', reason: 'notJson' }],
  ])('ends with a failure if the relay %s', async (_, reply, failure, ...options) => {
    const server = await wire(reply)
    expect(await follow(server.url, ...options)).toEqual([lost(failure)])
  })

  test('ends with Malformed on an invalid status', async () => {
    const stranger = { ...completed, prefixed_id: 'ofapi_media_2' }
    for (const invalid of [
      right({ status: 'archived' }),
      right(stranger),
      left({ _tag: 'Tired' }),
      null,
    ]) {
      const server = await wire(stream(events(right(pending), invalid)))
      expect(await follow(server.url)).toEqual([
        right(pending),
        lost({ _tag: 'Malformed', reason: 'shape', lastStatus: 'pending', attempts: 1 }),
      ])
      await server.close()
    }
  })

  test('sends no request for an invalid id', async () => {
    const fetch = jest.fn<NonNullable<RelayedOptions['fetch']>>()
    const values = await all(relayedUploadStatus$('/live', '..', ref.upload, { fetch }))
    expect(values).toEqual([lost({ _tag: 'InvalidRequest', which: 'account' })])
    expect(fetch).not.toHaveBeenCalled()
  })

  test('closes its stream while the page is hidden, and reconnects when it becomes visible', async () => {
    const activity$ = new Subject<boolean>()
    const server = await wire(
      inTurn(
        stream(events(right(pending)), () => undefined),
        stream(events(right(completed))),
      ),
    )
    const tags: string[] = []
    const on = ({ _tag }: WatchEvent): void => {
      tags.push(_tag)
    }
    const options = { ...quick, activity$, on }
    const ended = new Promise<void>(resolve => {
      relayedUploadStatus$(server.url, ref.account, ref.upload, options).subscribe({
        next: value => {
          if (value._tag === 'Right' && value.right.status === 'pending') activity$.next(false)
        },
        complete: resolve,
      })
    })
    await server.heard(1)
    await server.gone()
    expect(server.requests).toHaveLength(1)
    activity$.next(true)
    await ended
    expect(server.requests.map(idOf)).toEqual([undefined, '1'])
    expect(tags).toEqual([
      'AttemptStarted',
      'StatusReceived',
      'Paused',
      'Resumed',
      'AttemptStarted',
      'StatusReceived',
      'Settled',
    ])
    expect(activity$.observed).toBe(false)
  })

  test('closes its stream on unsubscribe', async () => {
    const server = await wire(stream(events(right(pending)), () => undefined))
    const watching = relayedUploadStatus$(server.url, ref.account, ref.upload, quick).subscribe(
      () => {
        watching.unsubscribe()
      },
    )
    await server.heard(1)
    await server.gone()
  })

  test('reports only Stopped, without a request, if unsubscribed during its first event', async () => {
    const fetch = jest.fn(() => new Promise<never>(() => undefined))
    const tags: string[] = []
    await new Promise<void>(resolve => {
      const uploads = ['ofapi_media_1', 'ofapi_media_2'].map(upload => ({ ...ref, upload }))
      const watching = relayedUploadStatuses$('/live', uploads, {
        ...quick,
        fetch,
        on: ({ _tag }) => {
          tags.push(_tag)
          watching.unsubscribe()
          resolve()
        },
      }).subscribe()
    })
    expect(tags).toEqual(['AttemptStarted', 'Stopped', 'Stopped'])
    expect(fetch).not.toHaveBeenCalled()
  })

  test('sends no request if it is paused during its first event', async () => {
    const fetch = jest.fn(() => new Promise<never>(() => undefined))
    const activity$ = new Subject<boolean>()
    await new Promise<void>(resolve => {
      const watching = relayedUploadStatus$('/live', ref.account, ref.upload, {
        ...quick,
        activity$,
        fetch,
        on: ({ _tag }) => {
          if (_tag === 'AttemptStarted') activity$.next(false)
          if (_tag !== 'Paused') return
          resolve()
          queueMicrotask(() => {
            watching.unsubscribe()
          })
        },
      }).subscribe()
    })
    expect(fetch).not.toHaveBeenCalled()
  })

  test.each<[string, object]>([
    ['silence', { silence: 0 }],
    ['deadline', { deadline: -1 }],
    ['patience', { patience: 1 }],
  ])('throws an error that names an invalid option: %s', (name, wrong) => {
    expect(() => relayedUploadStatus$('/live', 'a', 'b', wrong)).toThrow(name)
  })

  test('continues with a new relay at the same address', async () => {
    const first = byHand()
    const hosted = await listen(nodeListener(createStatusRelay(permissive(first).options)))
    const values: unknown[] = []
    const { search } = new URL(hosted.url)
    const port = Number(new URL(hosted.url).port)
    const second = byHand()
    const ended = new Promise<void>(resolve => {
      relayedUploadStatus$(hosted.url + search, ref.account, ref.upload, {
        retry: { retries: 500, base: 5, cap: 20 },
      }).subscribe({ next: value => values.push(value), complete: resolve })
    })
    const turn = () => new Promise(resolve => setImmediate(resolve))
    while (first.following() === 0) await turn()
    first.emit(processing)
    while (values.length === 0) await turn()
    hosted.server.closeAllConnections()
    await new Promise(resolve => hosted.server.close(resolve))
    await listen(nodeListener(createStatusRelay(permissive(second).options)), '/', port)
    while (second.following() === 0) await turn()
    // The new relay repeats statuses; the page ignores those that it has.
    second.emit(pending)
    second.emit(processing)
    second.emit(completed)
    await ended
    expect(values).toMatchObject([processing, { status: 'completed' }].map(right))
    expect(values).toHaveLength(2)
  })
})

describe('a relayed source', () => {
  const open = async () => {
    const upstream = byHand()
    const { options, events } = permissive(upstream)
    const { url } = await listen(nodeListener(createStatusRelay(options)))
    return { ...upstream, events, url }
  }
  const turn = () => new Promise(resolve => setImmediate(resolve))

  test('uses one stream for all subscribers, and reconnects when an upload is added', async () => {
    const { url, events, following, emit } = await open()
    const source = relayedSource(url, quick)
    const [a, b] = ['a', 'b'].map(upload => source.uploadStatus$(ref.account, upload).subscribe())
    while (following() < 2) await turn()
    expect(events).toEqual([{ _tag: 'StreamOpened', uploads: 2, streams: 1 }])
    const seen: unknown[] = []
    const third = source
      .uploadStatuses$([{ account: ref.account, upload: 'c' }])
      .subscribe(tracked => seen.push(tracked.upload))
    while (following() < 3) await turn()
    emit({ status: 'pending', prefixed_id: 'c' })
    while (seen.length === 0) await turn()
    for (const each of [a, b, third]) each?.unsubscribe()
    // The relay stops polling after its grace period.
    while (following() > 0) await turn()
  })

  test('stops following an upload that its input removes', async () => {
    const { url, following, emit } = await open()
    const uploads$ = new Subject<UploadEntry | readonly UploadEntry[]>()
    const values = all(relayedSource(url, quick).uploadStatuses$(uploads$))
    const [a, b] = [
      { account: ref.account, upload: 'a' },
      { account: ref.account, upload: 'b' },
    ]
    uploads$.next([a, b])
    while (following() < 2) await turn()
    uploads$.next({ remove: a })
    uploads$.complete()
    while (following() > 1) await turn()
    emit({ status: 'failed', prefixed_id: 'b', error: 'No.' })
    expect((await values).map(({ upload }) => upload)).toEqual(['b'])
  })

  test('reports a current pause to a new subscriber, and only events of its own upload', async () => {
    const { url, following, emit } = await open()
    const activity$ = new BehaviorSubject(false)
    const source = relayedSource(url, { ...quick, activity$ })
    const tags: string[] = []
    const on = ({ upload, _tag }: WatchEvent): void => {
      tags.push(`${upload} ${_tag}`)
    }
    const ended = Promise.all([
      all(source.uploadStatus$(ref.account, 'a', { on })),
      all(source.uploadStatus$(ref.account, 'b', { on })),
    ])
    while (tags.length < 2) await turn()
    expect(tags.splice(0)).toEqual(['a Paused', 'b Paused'])
    activity$.next(true)
    while (following() < 2) await turn()
    emit({ status: 'failed', prefixed_id: 'a', error: 'No.' })
    emit({ status: 'failed', prefixed_id: 'b', error: 'No.' })
    await ended
    expect(tags.filter(event => event.startsWith('a '))).toEqual([
      'a Resumed',
      'a AttemptStarted',
      'a StatusReceived',
      'a Settled',
    ])
    expect(tags).toHaveLength(8)
  })

  test('emits the latest value to a late subscriber, and a terminal status without a request', async () => {
    const { url, following, emit, events } = await open()
    const source = relayedSource(url, quick)
    const first = all(source.uploadStatus$(ref.account, ref.upload))
    while (following() === 0) await turn()
    emit(processing)
    await new Promise<void>(resolve => {
      const late = source.uploadStatus$(ref.account, ref.upload).subscribe(value => {
        expect(value).toEqual(right(processing))
        late.unsubscribe()
        resolve()
      })
    })
    emit(completed)
    expect(await first).toHaveLength(2)
    expect(await all(source.uploadStatus$(ref.account, ref.upload))).toHaveLength(1)
    expect(events.filter(({ _tag }) => _tag === 'StreamOpened')).toHaveLength(1)
  })

  test('splits more uploads than one stream carries across several streams', async () => {
    const { url, following, emit, events } = await open()
    const uploads = Array.from({ length: 300 }, (_, i) => `upload_${String(i)}`)
    const refs = uploads.map(upload => ({ account: ref.account, upload }))
    const values = all<TrackedStatus>(relayedUploadStatuses$(url, refs, quick))
    while (following() < 300) await turn()
    expect(events.map(event => 'uploads' in event && event.uploads)).toEqual([250, 50])
    for (const upload of uploads)
      emit({ status: 'completed', prefixed_id: upload, media: { id: 7 } })
    expect((await values).map(({ upload }) => upload).sort()).toEqual([...uploads].sort())
  })
})
