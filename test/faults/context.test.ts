import { AsyncLocalStorage } from 'node:async_hooks'
import { expect, test } from '@jest/globals'
import { lastValueFrom, Subject, tap, type Observable } from 'rxjs'
import {
  createUploadStatusClient,
  requestBudget,
  spaced,
  uploadStatus$,
  uploadStatuses$,
  type Fetch,
  type PushedStatus,
  type WatchEvent,
  type WatchOptions,
} from 'rx-upload-status'
import { pending, ref } from '../answers'
import { whole } from '../http/rawServer'
import { wire } from '../http/wire'
import { quick } from './follow'
import { row } from './row'

row('AsyncLocalStorage', ({ fetch }) => {
  const caller = new AsyncLocalStorage<string>()
  const uploads = Array.from({ length: 20 }, (_, nth) => `u${String(nth)}`)

  /** Each upload is pending twice, and then completed. */
  const serving = async () => {
    const polls = new Map<string, number>()
    return wire((socket, nth) => {
      const upload = /uploads\/(\w+)/.exec(server.requests[nth - 1] ?? '')?.[1] ?? ''
      const count = (polls.get(upload) ?? 0) + 1
      polls.set(upload, count)
      const status = count < 3 ? 'pending' : 'completed'
      const body = { status, prefixed_id: upload, media: { id: 7 } }
      whole(200, JSON.stringify(body))(socket, nth)
    }).then(opened => (server = opened))
  }
  let server: Awaited<ReturnType<typeof wire>>

  /** Calls in the context of another subscriber. */
  const strays: string[] = []
  const check = (what: string, upload: string | undefined): void => {
    if (caller.getStore() !== upload) strays.push(`${what} of ${String(upload)}`)
  }
  const checked: Fetch = (url, init) => {
    check('fetch', /uploads\/(\w+)/.exec(url)?.[1])
    return fetch(url, init)
  }
  const on = (event: WatchEvent): void => {
    check(event._tag, event.upload)
  }

  /** Each caller follows its own upload, in its own context. */
  const followAll = (watchOf$: (upload: string) => Observable<unknown>): Promise<unknown> =>
    Promise.all(
      uploads.map(upload =>
        caller.run(upload, () =>
          lastValueFrom(
            watchOf$(upload).pipe(
              tap({
                next: () => {
                  check('next', upload)
                },
                complete: () => {
                  check('complete', upload)
                },
              }),
            ),
          ),
        ),
      ),
    )

  const optionsOf = (): WatchOptions => ({
    ...quick,
    schedule: spaced(5),
    baseUrl: server.url,
    fetch: checked,
    budget: requestBudget({ perMinute: 6_000, burst: 100, inFlight: 3 }),
  })

  test("runs each subscriber of a client, and its fetch, in the subscriber's context", async () => {
    await serving()
    const client = createUploadStatusClient(optionsOf())
    await followAll(upload => client.uploadStatus$('acct_1', upload, { on }))
    await followAll(upload => client.uploadStatuses$([{ account: 'acct_1', upload }], { on }))
    expect(strays.splice(0)).toEqual([])
  })

  test('runs watches that share a budget in the context of their subscriber', async () => {
    await serving()
    const options = { ...optionsOf(), on }
    await followAll(upload => uploadStatus$('acct_1', upload, options))
    await serving()
    await followAll(upload => uploadStatuses$([{ account: 'acct_1', upload }], options))
    expect(strays.splice(0)).toEqual([])
  })

  test("keeps the subscriber's context on a push, a pause and an abort from another context", async () => {
    server = await wire(whole(200, JSON.stringify(pending)))
    const [statuses$, activity$] = [new Subject<PushedStatus>(), new Subject<boolean>()]
    const controller = new AbortController()
    const seen: string[] = []
    const ended = caller.run(ref.upload, () =>
      lastValueFrom(
        uploadStatus$(ref.account, ref.upload, {
          ...optionsOf(),
          activity$,
          push: { statuses$ },
          signal: controller.signal,
          on,
        }).pipe(
          tap(value => {
            check('next', ref.upload)
            seen.push(value._tag)
          }),
        ),
      ),
    )
    while (seen.length === 0) await new Promise(resolve => setImmediate(resolve))
    caller.run('another', () => {
      statuses$.next({ ...ref, status: { status: 'processing', prefixed_id: ref.upload } })
      activity$.next(false)
      controller.abort()
    })
    await ended
    expect(seen).toEqual(['Right', 'Right', 'Left'])
    expect(strays.splice(0)).toEqual([])
  })

  test('runs each subscriber of the same upload in its own context', async () => {
    await serving()
    const client = createUploadStatusClient({ ...optionsOf(), fetch })
    const followers = ['first', 'second', 'third']
    await Promise.all(
      followers.map(name =>
        caller.run(name, () =>
          lastValueFrom(
            client.uploadStatus$('acct_1', 'u1').pipe(
              tap(() => {
                check('next', name)
              }),
            ),
          ),
        ),
      ),
    )
    expect(strays.splice(0)).toEqual([])
  })
})
