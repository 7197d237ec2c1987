import * as E from 'fp-ts/lib/Either.js'
import {
  bufferTime,
  concatMap,
  defer,
  filter,
  finalize,
  map,
  merge,
  Subject,
  type Observable,
} from 'rxjs'
import { describeQueueFailure } from '../../bullmq/queueFailure'
import type { Update } from '../display/updates'
import { describeQueueError, type Bullmq } from './redis'
import type { Reference } from './readReferences'
import { namedUploads } from './namedUploads'

/** Uploads from standard input are added in batches: after `ms` milliseconds or `most` uploads. */
const together = { ms: 50, most: 5_000 }

/** Redis did not accept the uploads. The reason was a warning before. */
export class NotAdded extends Error {}

/**
 * Adds uploads to a queue in Redis, and follows each to its end: workers poll them. Unsubscribing stops
 * following; the watches go on. If Redis does not take them, warns and errors with {@link NotAdded}.
 */
export const followQueue$ = (
  reference$: Observable<Reference>,
  url: string,
  { createUploadStatusQueue }: Bullmq,
): Observable<Update> =>
  defer(() => {
    const update$ = new Subject<Update>()
    const warnings = new Set<string>()
    // An unavailable Redis fails every second, and the call that was waiting for it fails, too.
    const warnOnce = (message: string): void => {
      if (!warnings.has(message)) update$.next({ kind: 'warning', message })
      warnings.add(message)
    }
    const queue = createUploadStatusQueue({
      connection: { url },
      onError: error => {
        warnOnce(describeQueueError(error))
      },
    })
    const { entries, remaining } = namedUploads(update => {
      update$.next(update)
    })
    const added$ = reference$.pipe(
      entries,
      bufferTime(together.ms, undefined, together.most),
      filter(buffered => buffered.length > 0),
      concatMap(async buffered => {
        const refs = buffered.flatMap(entry => ('remove' in entry ? [] : entry))
        const added = refs.length === 0 ? E.right(null) : await queue.watch(refs)()
        if (E.isLeft(added)) {
          warnOnce(describeQueueFailure(added.left))
          throw new NotAdded()
        }
        return buffered
      }),
    )
    const status$ = queue.uploadStatuses$(added$).pipe(
      remaining,
      map((tracked): Update => ({ kind: 'status', ...tracked })),
      finalize(() => {
        update$.complete()
        void queue.close()
      }),
    )
    return merge(update$, status$)
  })
