import { createHttpPoller } from '@azure/core-lro'
import { createWaiter, WaiterState } from '@smithy/util-waiter'
import { environmentManager, QueryClient, QueryObserver } from '@tanstack/query-core'
import { isRight } from 'fp-ts/lib/Either.js'
import {
  defer,
  from,
  map,
  merge,
  Observable,
  repeat,
  retry,
  switchMap,
  takeWhile,
  timeout,
  timer,
} from 'rxjs'
import {
  spaced,
  uploadStatus$,
  uploadStatuses$,
  type WatchEvent,
  type WatchOptions,
} from 'rx-upload-status'
import { NaiveStatus } from './naiveStatus'

/** The part of a response that the peers read. */
interface Response {
  readonly status: number
  json(): Promise<unknown>
}

/** The part of a status that the recipes use. */
interface Status {
  readonly status: string
}

/** Uploads to watch to their end, and how. */
export interface Job {
  readonly baseUrl: string
  readonly uploads: Iterable<string>
  /** Milliseconds from an answer to the next poll, or from poll to poll if the peer works that way. */
  readonly every: number
  readonly get: (
    url: string,
    init: { readonly headers: Record<string, string>; readonly signal?: AbortSignal },
  ) => Promise<Response>
  readonly read: (json: unknown) => Status
  /** Notified of each status that a peer emits. */
  readonly on: (upload: string, status: string) => void
  /** Notified of each attempt that failed. */
  readonly lost?: () => void
}

/** Starts to watch. */
export type Peer = (job: Job) => void

/** For code that trusts the server. */
export const unchecked = (json: unknown): Status => json as Status

/** For code that uses io-ts. */
export const checked = (json: unknown): Status => {
  const decoded = NaiveStatus.decode(json)
  if (isRight(decoded)) return decoded.right
  throw new Error('not a status')
}

const isOver = ({ status }: Status): boolean => status === 'completed' || status === 'failed'

const headers = { accept: 'application/json', authorization: 'Bearer key' }

const urlOf = ({ baseUrl }: Job, upload: string): string =>
  `${baseUrl}/api/acct_1/media/uploads/${upload}/status`

const ask = async (job: Job, upload: string, stop?: { readonly signal: AbortSignal }) => {
  try {
    return job.read(await (await job.get(urlOf(job, upload), { headers, ...stop })).json())
  } catch (error) {
    job.lost?.()
    throw error
  }
}

/**
 * This package, as users have it. A benchmark without a network passes `fetch`, and one with more
 * concurrent requests than the default passes a budget.
 */
export const ours =
  ({ fetch, budget }: Pick<WatchOptions, 'fetch' | 'budget'> = {}): Peer =>
  ({ baseUrl, uploads, every, on, lost }) => {
    const refs = function* () {
      for (const upload of uploads) yield { account: 'acct_1', upload }
    }
    const options = {
      baseUrl,
      apiKey: 'key',
      schedule: spaced(every),
      fetch,
      budget,
      on:
        lost &&
        (({ _tag }: WatchEvent) => {
          if (_tag === 'AttemptFailed') lost()
        }),
    }
    uploadStatuses$(refs(), options).subscribe(({ upload, status }) => {
      on(upload, isRight(status) ? status.right.status : status.left._tag)
    })
  }

/** This package, with a pipeline for each upload. */
export const oneByOne =
  ({ fetch }: Pick<WatchOptions, 'fetch'>): Peer =>
  ({ baseUrl, uploads, every, on }) => {
    const options = { baseUrl, apiKey: 'key', schedule: spaced(every), fetch }
    for (const upload of uploads)
      uploadStatus$('acct_1', upload, options).subscribe(status => {
        on(upload, isRight(status) ? status.right.status : status.left._tag)
      })
  }

/** A loop that polls, waits, and polls again. */
export const loop: Peer = job => {
  const watch = async (upload: string): Promise<void> => {
    for (;;) {
      const status = await ask(job, upload)
      job.on(upload, status.status)
      if (isOver(status)) return
      await new Promise(resolve => setTimeout(resolve, job.every))
    }
  }
  for (const upload of job.uploads) void watch(upload)
}

const subscribeAll = (
  { uploads, on }: Job,
  watch$: (upload: string) => Observable<Status>,
): void => {
  const all$ = Array.from(uploads, upload =>
    watch$(upload).pipe(map(({ status }) => ({ upload, status }))),
  )
  merge(...all$).subscribe(({ upload, status }) => {
    on(upload, status)
  })
}

/** The recipe of the textbooks. */
export const textbook: Peer = job => {
  subscribeAll(job, upload =>
    timer(0, job.every).pipe(
      switchMap(() => from(ask(job, upload))),
      takeWhile(status => !isOver(status), true),
    ),
  )
}

/** The same with what it lacks: attempts time out, are aborted on unsubscribe, and are retried. */
export const careful: Peer = job => {
  subscribeAll(job, upload => {
    const attempt$ = new Observable<Status>(subscriber => {
      const controller = new AbortController()
      ask(job, upload, { signal: controller.signal }).then(
        status => {
          subscriber.next(status)
          subscriber.complete()
        },
        (error: unknown) => {
          subscriber.error(error)
        },
      )
      return () => {
        controller.abort()
      }
    }).pipe(
      timeout(10_000),
      retry({ count: 5, delay: (_, nth) => timer(250 * 2 ** nth * Math.random()) }),
    )
    return timer(0, job.every).pipe(
      switchMap(() => attempt$),
      takeWhile(status => !isOver(status), true),
    )
  })
}

/** The better recipe: the next request waits for the answer. */
export const deferRepeat: Peer = job => {
  subscribeAll(job, upload =>
    defer(() => from(ask(job, upload))).pipe(
      repeat({ delay: job.every }),
      takeWhile(status => !isOver(status), true),
    ),
  )
}

export const tanStack: Peer = job => {
  environmentManager.setIsServer(() => false)
  const client = new QueryClient()
  for (const upload of job.uploads)
    new QueryObserver(client, {
      queryKey: ['uploadStatus', upload],
      queryFn: () => ask(job, upload),
      refetchInterval: ({ state: { data } }) =>
        data !== undefined && isOver(data) ? false : job.every,
      refetchIntervalInBackground: true,
      retry: false,
    }).subscribe(({ data, isFetching }) => {
      if (data !== undefined && !isFetching) job.on(upload, data.status)
    })
}

export const smithy: Peer = job => {
  const seconds = job.every / 1_000
  for (const upload of job.uploads)
    void createWaiter(
      { client: job, maxWaitTime: 3_600, minDelay: seconds, maxDelay: seconds },
      upload,
      async () => {
        const status = await ask(job, upload)
        job.on(upload, status.status)
        return { state: isOver(status) ? WaiterState.SUCCESS : WaiterState.RETRY }
      },
    )
}

export const azure: Peer = job => {
  const poll = async (upload: string) => {
    const status = await ask(job, upload)
    job.on(upload, status.status)
    // The name of this peer for the end.
    const body = { ...status, status: isOver(status) ? 'Succeeded' : 'Running' }
    const request = { method: 'GET', url: urlOf(job, upload) }
    return { flatResponse: status, rawResponse: { statusCode: 200, headers: {}, body, request } }
  }
  for (const upload of job.uploads) {
    const location = { 'operation-location': urlOf(job, upload) }
    const poller = createHttpPoller(
      {
        // The answer to the POST, without another request.
        sendInitialRequest: () =>
          Promise.resolve({
            flatResponse: {},
            rawResponse: {
              statusCode: 202,
              headers: location,
              request: { method: 'POST', url: job.baseUrl },
            },
          }),
        sendPollRequest: () => poll(upload),
      },
      { intervalInMs: job.every, resolveOnUnsuccessful: true },
    )
    void poller.pollUntilDone()
  }
}
