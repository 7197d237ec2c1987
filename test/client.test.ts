import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { isLeft, right, type Either } from 'fp-ts/Either'
import {
  BehaviorSubject,
  firstValueFrom,
  lastValueFrom,
  of,
  tap,
  toArray,
  type Observable,
} from 'rxjs'
import {
  createUploadStatusClient,
  spaced,
  type Failure,
  type UploadStatus,
  type UploadStatusClient,
} from 'rx-upload-status'
import {
  apiError,
  completed,
  pending,
  processing,
  startSandbox,
  times,
  type Sandbox,
  type Scenario,
} from 'rx-upload-status/sandbox'
import { inFakeTime, pass } from './faults/fakeTime'
import { until } from './until'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

const clientOf = (
  options: Parameters<typeof createUploadStatusClient>[0] = {},
): UploadStatusClient =>
  createUploadStatusClient({
    baseUrl: sandbox.url,
    apiKey: sandbox.apiKey,
    schedule: spaced(20),
    ...options,
  })

const scripted = (scenario: Scenario): { readonly account: string; readonly upload: string } =>
  sandbox.script('acct_sandbox', scenario)

const polls = (upload: string): number =>
  sandbox.requests().filter(request => request.upload === upload).length

const statusesOf = async (
  watch$: Observable<Either<Failure, UploadStatus>>,
): Promise<ReadonlyArray<string>> =>
  (await lastValueFrom(watch$.pipe(toArray()))).map(value =>
    isLeft(value) ? value.left._tag : value.right.status,
  )

describe('a client', () => {
  test('polls once for all subscribers, and emits the latest value to a late one', async () => {
    const client = clientOf()
    const { account, upload } = scripted([pending(), times(3, processing()), completed()])
    const first = statusesOf(client.uploadStatus$(account, upload))
    const second = statusesOf(client.uploadStatus$(account, upload))
    await until(() => polls(upload) === 3)
    const late = statusesOf(client.uploadStatus$(account, upload))
    expect(await first).toEqual(['pending', 'processing', 'completed'])
    expect(await second).toEqual(['pending', 'processing', 'completed'])
    expect(await late).toEqual(['processing', 'completed'])
    expect(polls(upload)).toBe(5)
  })

  test('replays the terminal status without a request, and never during subscribe', async () => {
    const client = clientOf()
    const { account, upload } = scripted([completed()])
    await client.uploadOutcome(account, upload)()
    let isInTurn = true
    const again = new Promise<boolean>(resolve => {
      client.uploadStatus$(account, upload).subscribe(() => {
        resolve(isInTurn)
      })
    })
    isInTurn = false
    expect(await again).toBe(false)
    expect(await statusesOf(client.uploadStatus$(account, upload))).toEqual(['completed'])
    expect(polls(upload)).toBe(1)
  })

  test('starts a failed watch again', async () => {
    const client = clientOf()
    const { account, upload } = scripted([apiError(403, 'Not yours.'), completed()])
    expect(await statusesOf(client.uploadStatus$(account, upload))).toEqual(['Rejected'])
    expect(await statusesOf(client.uploadStatus$(account, upload))).toEqual(['completed'])
  })

  test('continues the watch for a subscriber that returns within the grace', async () => {
    const client = clientOf({ schedule: spaced(60_000) })
    const { account, upload } = scripted([pending()])
    const watch$ = client.uploadStatus$(account, upload)
    await firstValueFrom(watch$)
    for (let i = 0; i < 5; i += 1) await firstValueFrom(watch$)
    expect(polls(upload)).toBe(1)
  })

  test('shares nothing with another client', async () => {
    const { account, upload } = scripted([completed()])
    await clientOf().uploadOutcome(account, upload)()
    await clientOf().uploadOutcome(account, upload)()
    expect(polls(upload)).toBe(2)
  })

  test('keeps the uploads of two accounts apart', async () => {
    const client = clientOf()
    const { account, upload } = scripted([completed()])
    expect(await statusesOf(client.uploadStatus$('acct_unknown', upload))).toEqual(['Rejected'])
    expect(await statusesOf(client.uploadStatus$(account, upload))).toEqual(['completed'])
  })

  test('continues the other uploads when one fails', async () => {
    const client = clientOf()
    const good = scripted([pending(), processing(), completed()])
    const bad = scripted([apiError(410, 'Gone.')])
    const [first, second] = await Promise.all([
      statusesOf(client.uploadStatus$(bad.account, bad.upload)),
      statusesOf(client.uploadStatus$(good.account, good.upload)),
    ])
    expect(first).toEqual(['Rejected'])
    expect(second).toEqual(['pending', 'processing', 'completed'])
  })

  test('sends no request for an invalid id, and names it in the failure', async () => {
    const client = clientOf()
    const end = await client.uploadOutcome('acct_1', '../../me')()
    expect(end).toMatchObject({ left: { _tag: 'InvalidRequest', which: 'upload', attempts: 0 } })
  })
})

describe('a client whose last subscriber left', () => {
  inFakeTime()

  test('stops polling after a grace of 250 ms, and polls again for the next subscriber', () => {
    const status = { status: 'pending', prefixed_id: 'ofapi_media_1' } as const
    const request$ = jest.fn(() => of(right(status)))
    const client = createUploadStatusClient({ request: request$, schedule: spaced(100) })
    const watch$ = client.uploadStatus$('acct_1', 'ofapi_media_1')
    const first = watch$.subscribe()
    pass(120)
    expect(request$).toHaveBeenCalledTimes(2)
    first.unsubscribe()
    pass(249)
    expect(request$).toHaveBeenCalledTimes(4)
    pass(60_000)
    expect(request$).toHaveBeenCalledTimes(4)
    const seen: unknown[] = []
    const next = watch$.subscribe(value => seen.push(value))
    pass(50)
    expect(seen).toEqual([right(status)])
    expect(request$).toHaveBeenCalledTimes(5)
    next.unsubscribe()
    pass(250)
  })
})

describe('the events of a client', () => {
  test('reach the subscribers of the upload; the client receives those of all uploads', async () => {
    const ofClient: string[] = []
    const ofOne: string[] = []
    const ofStream: string[] = []
    const client = clientOf({ on: ({ upload }) => ofClient.push(upload) })
    const one = scripted([pending(), completed()])
    const other = scripted([completed()])
    await Promise.all([
      lastValueFrom(
        client.uploadStatus$(one.account, one.upload, {
          on: ({ upload, _tag }) => ofOne.push(`${upload} ${_tag}`),
        }),
      ),
      lastValueFrom(client.uploadStatuses$([other], { on: ({ _tag }) => ofStream.push(_tag) })),
    ])
    expect(ofOne).toEqual(
      [
        ...['AttemptStarted', 'CreditsReported', 'StatusReceived', 'PollScheduled'],
        ...['AttemptStarted', 'CreditsReported', 'StatusReceived', 'Settled'],
      ].map(tag => `${one.upload} ${tag}`),
    )
    const polled = ['AttemptStarted', 'CreditsReported', 'StatusReceived', 'Settled']
    expect(ofStream).toEqual(polled)
    expect(ofClient.filter(upload => upload === one.upload)).toHaveLength(8)
    expect(ofClient.filter(upload => upload === other.upload)).toHaveLength(4)
  })

  test('begin for a late subscriber with the current pause or request', async () => {
    const activity$ = new BehaviorSubject(false)
    const tags: string[] = []
    let answer = (): void => undefined
    const answered = new Promise<void>(resolve => (answer = resolve))
    const client = clientOf({
      activity$,
      fetch: (url, init) => answered.then(() => fetch(url, init)),
    })
    const { account, upload } = scripted([completed()])
    const firstEvent = (): Promise<string> =>
      new Promise(resolve => {
        const on = ({ _tag }: { readonly _tag: string }): void => {
          tags.push(_tag)
          resolve(_tag)
        }
        client.uploadStatus$(account, upload, { on }).subscribe()
      })
    expect(await firstEvent()).toBe('Paused')
    expect(await firstEvent()).toBe('Paused')
    const ended = lastValueFrom(client.uploadStatus$(account, upload))
    activity$.next(true)
    expect(tags).toEqual(['Paused', 'Paused', 'Resumed', 'Resumed'])
    await until(() => tags.includes('AttemptStarted'))
    expect(await firstEvent()).toBe('AttemptStarted')
    answer()
    await ended
    expect(tags.filter(tag => tag === 'AttemptStarted')).toHaveLength(3)
    expect(tags.filter(tag => tag === 'Settled')).toHaveLength(3)
  })

  test('reach the other subscribers when one throws', async () => {
    const tags: string[] = []
    const client = clientOf()
    const { account, upload } = scripted([completed()])
    const bad$ = client.uploadStatus$(account, upload, {
      on: () => {
        throw new Error('of an observer')
      },
    })
    const good$ = client.uploadStatus$(account, upload, { on: ({ _tag }) => tags.push(_tag) })
    expect(await Promise.all([statusesOf(bad$), statusesOf(good$)])).toEqual([
      ['completed'],
      ['completed'],
    ])
    expect(tags).toEqual(['AttemptStarted', 'CreditsReported', 'StatusReceived', 'Settled'])
  })

  test('end no process when an async observer of the client rejects', async () => {
    const rejections: unknown[] = []
    const note = (reason: unknown): void => {
      rejections.push(reason)
    }
    process.on('unhandledRejection', note)
    const on = (): unknown => Promise.reject(new Error('of an async observer'))
    const client = clientOf({ on })
    const { account, upload } = scripted([completed()])
    expect(await statusesOf(client.uploadStatus$(account, upload))).toEqual(['completed'])
    await sleep(0)
    process.off('unhandledRejection', note)
    expect(rejections).toEqual([])
  })

  test('belong to the options of a subscriber; other watch options throw', () => {
    const client = clientOf()
    const wrong: object = { deadline: 5 }
    expect(() => client.uploadStatus$('acct_1', 'a', wrong)).toThrow(
      'options has no member named deadline; it may have on',
    )
    const odd: object = { on: 3 }
    expect(() => client.uploadStatuses$([], odd)).toThrow('on must be a function')
  })
})

describe('a subscriber that has left a client', () => {
  const collectGarbage = (): void => {
    setFlagsFromString('--expose-gc')
    runInNewContext('gc()')
  }

  /** Subscribes, and unsubscribes before the first answer or after the end. */
  const visitor = async (
    watch$: Observable<unknown>,
    stays: boolean,
  ): Promise<WeakRef<() => void>> => {
    const next = (): void => undefined
    const ended = new Promise<void>(resolve => {
      const subscription = watch$.pipe(tap(next)).subscribe({ complete: resolve })
      if (!stays) subscription.unsubscribe()
      subscription.add(resolve)
    })
    await ended
    return new WeakRef(next)
  }

  test.each([false, true])('is not kept alive by it (left at the end: %s)', async stays => {
    const client = clientOf()
    const { account, upload } = scripted([completed()])
    for (const watch$ of [
      client.uploadStatus$(account, upload),
      client.uploadStatuses$([{ account, upload }]),
    ]) {
      const left = await visitor(watch$, stays)
      await sleep(300)
      collectGarbage()
      expect(left.deref()).toBeUndefined()
    }
    expect(await statusesOf(client.uploadStatus$(account, upload))).toEqual(['completed'])
  })
})
