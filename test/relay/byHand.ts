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

/** An upstream whose statuses are said by the test. */
export interface ByHand {
  readonly client: Upstream
  /** Says a status of an upload of the account of the tests. */
  readonly say: (status: UploadStatus) => void

  /** How many uploads are followed now, each counted as often as it is. */
  readonly following: () => number
}

export const byHand = (): ByHand => {
  const said$ = new Subject<TrackedStatus>()
  let following = 0
  return {
    following: () => following,
    say: status => {
      said$.next({ account: ref.account, upload: status.prefixed_id, status: right(status) })
    },
    client: {
      uploadStatuses$: uploads =>
        from(uploads).pipe(
          mergeMap(given => ('account' in given ? [given] : given)),
          mergeMap(({ account, upload }) =>
            defer(() => {
              following += 1
              return said$
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

/** What a relay told, and its options for a test that permits everything. */
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

/** Reads a body, a piece at a time. */
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

/** The address of the uploads of the tests at some relay. */
export const address = (...uploads: readonly string[]): string =>
  `https://relay.example/?${uploads.map(upload => `ref=${ref.account}/${upload}`).join('&')}`

/** Opens a stream at a relay whose upstream is said by hand. */
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

/** What a stream begins with. */
export const head = 'retry: 1000\n\n'
