import { lastValueFrom, tap } from 'rxjs'
import {
  isTerminal,
  uploadStatuses$,
  type Fetch,
  type UploadRef,
  type UploadStatusSource,
} from 'rx-upload-status'
import { drawOf } from './draw'
import { drawFate, nameOf } from './fate'
import { account, ownFetch, pace, type World } from './world'

// The size of a bounded cache is constant only when the cache is full. It is filled with entries like
// those of the rounds: names of the same length, and the same mix of ends.

/** Ends that a client caches, and URLs that failed. */
const remembered = 1_000

/** The relay denies some uploads. */
const spare = 150

/** Uploads that are followed at the same time: more would time out on a busy machine. */
const atOnce = 100

/** How often an upload is followed again after a failure. */
const passes = 20

const refs = (seed: number): readonly UploadRef[] => {
  const draw = drawOf(seed, 'remembered')
  return Array.from({ length: remembered + spare }, (_, nth) => {
    const { end } = drawFate(draw, String(nth))
    const upload = nameOf(0, nth, {
      end: end === 'never' ? 'completed' : end,
      pendingFor: 0,
      processingFor: 0,
      isCalm: true,
    })
    return { account, upload }
  })
}

/** Follows uploads repeatedly until this many are cached. */
const untilLearned = async (
  uploads: readonly UploadRef[],
  follow: (some: readonly UploadRef[], learned: (upload: string) => void) => Promise<void>,
): Promise<void> => {
  const learned = new Set<string>()
  for (let pass = 0; pass < passes; pass += 1)
    for (let from = 0; from < uploads.length; from += atOnce) {
      if (learned.size >= remembered) return
      const some = uploads.slice(from, from + atOnce).filter(({ upload }) => !learned.has(upload))
      if (some.length > 0) await follow(some, upload => learned.add(upload))
    }
  throw new Error(`only ${String(learned.size)} of ${String(remembered)} were learned`)
}

const fillEnds = (source: UploadStatusSource, uploads: readonly UploadRef[]): Promise<void> =>
  untilLearned(uploads, async (some, learned) => {
    const values$ = source.uploadStatuses$(some).pipe(
      tap(({ upload, status }) => {
        if (status._tag === 'Right' && isTerminal(status.right)) learned(upload)
      }),
    )
    await lastValueFrom(values$)
  })

const fillFailed = (
  baseUrl: string,
  fetch: Fetch | undefined,
  uploads: readonly UploadRef[],
): Promise<void> =>
  untilLearned(uploads, async (some, learned) => {
    const options = { ...pace, baseUrl, apiKey: 'sk_chaos', fetch, retry: { retries: 0 } }
    const values$ = uploadStatuses$(some, options).pipe(
      tap(({ upload, status }) => {
        if (status._tag === 'Left' && status.left._tag === 'Unavailable') learned(upload)
      }),
    )
    await lastValueFrom(values$)
  })

/** Fills the caches of every lasting client and of the transports. */
export const fill = async (seed: number, world: World): Promise<void> => {
  const uploads = refs(seed)
  const { clients, relayClient, calmClient, sources } = world
  for (const source of [...clients, relayClient, calmClient, ...sources])
    await fillEnds(source, uploads)
  // The server does not know this upload, and answers with a 503.
  const gone = uploads.map(({ upload }) => ({ account, upload: upload.replace(/calm$/, 'gone') }))
  for (const fetch of [undefined, ownFetch]) await fillFailed(world.baseUrl, fetch, gone)
}
