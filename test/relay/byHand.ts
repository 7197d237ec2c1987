import { isRight, right } from 'fp-ts/Either'
import { defer, filter, finalize, from, mergeMap, Subject, takeWhile } from 'rxjs'
import { isTerminal, type TrackedStatus, type UploadStatus } from 'rx-upload-status'
import {
  createStatusRelay,
  type RelayEvent,
  type RelayOptions,
  type Upstream,
} from 'rx-upload-status/relay'
import { ref } from '../answers'

/** An upstream whose statuses a test emits. */
export interface ByHand {
  readonly client: Upstream
  /** Emits a status of an upload of the account of the tests. */
  readonly emit: (status: UploadStatus) => void

  /** The number of subscriptions to uploads now. */
  readonly following: () => number
}

export const byHand = (): ByHand => {
  const statuses$ = new Subject<TrackedStatus>()
  let following = 0
  return {
    following: () => following,
    emit: status => {
      statuses$.next({ account: ref.account, upload: status.prefixed_id, status: right(status) })
    },
    client: {
      uploadStatuses$: uploads =>
        from(uploads).pipe(
          mergeMap(given => ('account' in given ? [given] : given)),
          mergeMap(({ account, upload }) =>
            defer(() => {
              following += 1
              return statuses$
            }).pipe(
              finalize(() => {
                following -= 1
              }),
              filter(tracked => tracked.account === account && tracked.upload === upload),
              takeWhile(({ status }) => isRight(status) && !isTerminal(status.right), true),
            ),
          ),
        ),
    },
  }
}

/** The events of a relay, and options that permit everything. */
export const permissive = (
  { client }: ByHand,
  options: Partial<RelayOptions> = {},
): { readonly events: readonly RelayEvent[]; readonly options: RelayOptions } => {
  const events: RelayEvent[] = []
  return {
    events,
    options: { client, authorize: () => true, on: event => events.push(event), ...options },
  }
}

/** Reads a body, a chunk at a time. */
export const readerOf = (
  response: Response,
): { readonly next: () => Promise<string | null>; readonly leave: () => Promise<void> } => {
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  return {
    next: async () => {
      const { value } = (await reader?.read()) ?? {}
      return value === undefined ? null : decoder.decode(value)
    },
    leave: async () => {
      await reader?.cancel()
    },
  }
}

/** The URL of a stream of these uploads. */
export const address = (...uploads: readonly string[]): string =>
  `https://relay.example/?${uploads.map(upload => `ref=${ref.account}/${upload}`).join('&')}`

/** Opens a stream of a relay whose upstream a test controls. */
export const open = async (
  options: Partial<RelayOptions> = {},
  target = address(ref.upload),
  init: RequestInit = {},
) => {
  const upstream = byHand()
  const permitted = permissive(upstream, options)
  const response = await createStatusRelay(permitted.options)(new Request(target, init))
  return { ...upstream, ...permitted, response, ...readerOf(response) }
}

/** The beginning of every stream. */
export const head = 'retry: 1000\n\n'
