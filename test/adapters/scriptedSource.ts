import {
  defer,
  filter,
  finalize,
  from,
  map,
  mergeMap,
  Subject,
  takeWhile,
  type Observable,
} from 'rxjs'
import type { FollowOptions, TrackedStatus, UploadRef, UploadStatusSource } from 'rx-upload-status'
import { isTerminal } from '../../src/api/status'
import type { News } from '../watch/newsArbitrary'

/** A source that a test controls. It records its watches. */
export interface ScriptedSource extends UploadStatusSource {
  /** Emits a value or an event of an upload. */
  readonly emit: (upload: string, news: News) => void
  /** Fails with a defect. */
  readonly fail: (defect: Error) => void
  /** The uploads that are watched now, one entry for each watch. */
  readonly watched: () => readonly string[]
  /** The number of watches that were started. */
  readonly started: () => number
}

export const account = 'acct_1'

/** An account on the platform of an upload. */
export const accountOf = (upload: string): string =>
  upload.startsWith('fansly_') ? `fansly_${account}` : account

export const scriptedSource = (): ScriptedSource => {
  const news$ = new Subject<readonly [upload: string, news: News]>()
  const watched: string[] = []
  let started = 0
  const isEnd = (news: News): boolean =>
    news._tag === 'Left' || (news._tag === 'Right' && isTerminal(news.right))

  const one$ = ({ account, upload }: UploadRef, { on }: FollowOptions): Observable<TrackedStatus> =>
    defer(() => {
      watched.push(upload)
      started += 1
      return news$
    }).pipe(
      filter(([about]) => about === upload),
      map(([, news]) => news),
      takeWhile(news => !isEnd(news), true),
      finalize(() => {
        watched.splice(watched.indexOf(upload), 1)
      }),
      mergeMap(news => {
        if (news._tag === 'Left' || news._tag === 'Right')
          return [{ account, upload, status: news }]
        on?.({ ...news, account, upload, at: 0 })
        return []
      }),
    )

  return {
    uploadStatus$: (account, upload, options = {}) =>
      one$({ account, upload }, options).pipe(map(({ status }) => status)),
    uploadStatuses$: (uploads, options = {}) =>
      from(uploads).pipe(
        mergeMap(given => ('account' in given ? [given] : given)),
        mergeMap(ref => one$(ref, options)),
      ),
    emit: (upload, news) => {
      news$.next([upload, news])
    },
    fail: defect => {
      news$.error(defect)
    },
    watched: () => [...watched].sort(),
    started: () => started,
  }
}
