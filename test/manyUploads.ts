import { isLeft, left, right, type Either } from 'fp-ts/Either'
import { defer, finalize, map, timer, type Observable, type ObservableInput } from 'rxjs'
import {
  spaced,
  type ExpectedUpload,
  type Failure,
  type TrackedStatus,
  type UploadStatus,
  type WatchOptions,
} from 'rx-upload-status'
import { invalidRequest } from '../src/failure/failure'
import { settingsOf } from '../src/options'
import type { Answer } from '../src/api/answer'
import { createWatches } from '../src/watch/bulk/watches'
import { shareWatches, type SharedWatches } from '../src/watch/bulk/sharedWatches'
import { trackedStatuses$ } from '../src/trackedStatuses'
import { answer } from './answers'
import { marbles, type Marbles } from './marbles'

/** A request of an upload, with the times of its start and end. */
interface Asked {
  readonly upload: string
  readonly from: number
  to: number
}

/** A notification of a stream, `upload:status`, and its time. */
type Seen = readonly [at: number, what: string]

interface World extends Marbles {
  readonly shared: (options?: WatchOptions, grace?: number) => SharedWatches
  readonly watchAll$: (
    uploads: ObservableInput<ExpectedUpload>,
    options?: WatchOptions,
  ) => Observable<TrackedStatus>
  readonly asked: Asked[]
  readonly seen: Seen[]
  /** Subscribes, and records each notification. */
  readonly note: (tracked$: Observable<TrackedStatus>) => { unsubscribe: () => void }
}

type Script = Readonly<Record<string, ReadonlyArray<UploadStatus['status'] | Failure>>>

export const refs = (...uploads: readonly string[]): readonly ExpectedUpload[] =>
  uploads.map(upload => ({ account: 'acct_1', upload }))

export const bodyOf = (status: UploadStatus['status'], upload: string): unknown => ({
  status,
  prefixed_id: upload,
  media: { id: 7 },
  error: 'Given up.',
})

/**
 * Runs a test in virtual time. Each request is answered after 1 ms with the next answer of its script;
 * the last answer is repeated. Polls are 10 ms apart.
 */
export const inWorld = (script: Script, play: (world: World) => void): void => {
  marbles(helpers => {
    const { clock } = helpers
    const asked: Asked[] = []
    const seen: Seen[] = []
    const request$ = (upload: string): Observable<Either<Failure, Answer>> =>
      defer(() => {
        const nth = asked.filter(each => each.upload === upload).length
        const answers = script[upload] ?? ['completed']
        const next = answers[Math.min(nth, answers.length - 1)] ?? 'completed'
        const request = { upload, from: clock(), to: Infinity }
        asked.push(request)
        return timer(1).pipe(
          map(() => (typeof next === 'string' ? answer(200, bodyOf(next, upload)) : left(next))),
          finalize(() => {
            request.to = clock()
          }),
        )
      })
    const shared: World['shared'] = (options = {}, grace = 0) =>
      shareWatches(
        createWatches(
          ({ upload }) =>
            upload.startsWith('..')
              ? left(invalidRequest('upload', 'is no id'))
              : right(request$(upload)),
          settingsOf({ schedule: spaced(10), random: () => 0.5, clock, ...options }),
        ),
        grace,
      )
    const show = ({ upload, status }: TrackedStatus): string =>
      `${upload}:${isLeft(status) ? status.left._tag : status.right.status}`
    play({
      ...helpers,
      asked,
      seen,
      shared,
      watchAll$: (uploads, options) => trackedStatuses$(uploads, () => shared(options)),
      note: tracked$ =>
        tracked$.subscribe({
          next: tracked => seen.push([clock(), show(tracked)]),
          complete: () => seen.push([clock(), 'complete']),
          error: (error: unknown) => seen.push([clock(), String(error)]),
        }),
    })
  })
}
