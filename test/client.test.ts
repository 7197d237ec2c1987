import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { isLeft, right, type Either } from 'fp-ts/Either'
import { firstValueFrom, lastValueFrom, toArray, type Observable } from 'rxjs'
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

/** Resolves once `isTrue`, looked at after each request that the sandbox answers. */
const until = (isTrue: () => boolean): Promise<void> =>
  new Promise(resolve => {
    const look = (): void => {
      if (isTrue()) resolve()
      else setTimeout(look, 5)
    }
    look()
  })

describe('a client', () => {
  test('polls once however many subscribe, and gives latecomers the latest value at once', async () => {
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

  test('replays the terminal status without a request, never in the turn of subscribe', async () => {
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

  test('starts a failed watch anew', async () => {
    const client = clientOf()
    const { account, upload } = scripted([apiError(403, 'Not yours.'), completed()])
    expect(await statusesOf(client.uploadStatus$(account, upload))).toEqual(['Rejected'])
    expect(await statusesOf(client.uploadStatus$(account, upload))).toEqual(['completed'])
  })

  test('stops the poll a short grace after the last subscriber left', async () => {
    const client = clientOf()
    const { account, upload } = scripted([pending()])
    const subscription = client.uploadStatus$(account, upload).subscribe()
    await until(() => polls(upload) >= 2)
    subscription.unsubscribe()
    const left = performance.now()
    let last = polls(upload)
    let lastAt = left
    await until(() => {
      if (polls(upload) !== last) {
        last = polls(upload)
        lastAt = performance.now()
      }
      return performance.now() - lastAt > 500
    })
    // stopped: half a second without a poll, where they were 20 ms apart
    expect(polls(upload)).toBe(last)
    const fresh = await firstValueFrom(client.uploadStatus$(account, upload))
    expect(fresh).toEqual(right({ status: 'pending', prefixed_id: upload }))
    expect(polls(upload)).toBe(last + 1)
  })

  test('a subscriber that comes back within the grace restarts nothing', async () => {
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

  test('one upload that fails leaves the others alone', async () => {
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

  test('sends nothing for an id that is not legal, and says which', async () => {
    const client = clientOf()
    const end = await client.uploadOutcome('acct_1', '../../me')()
    expect(end).toMatchObject({ left: { _tag: 'InvalidRequest', which: 'upload', attempts: 0 } })
  })
})
