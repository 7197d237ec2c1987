import { connect, ignoreElements, merge, mergeMap, tap, type MonoTypeOperatorFunction } from 'rxjs'
import * as E from 'fp-ts/lib/Either.js'
import type { TrackedStatus } from '../../model/trackedStatus'
import { summarize, type Summary } from '../../pipeline/summarize'
import type { News } from '../news'

/** Before anything is learned. */
export const nothing: Summary = {
  total: 0,
  pending: 0,
  processing: 0,
  completed: 0,
  failed: 0,
  unknown: 0,
  settled: 0,
  fraction: 0,
}

/** A line that named no upload counts as one whose status could not be learned. */
const trackedIn = (news: News): readonly TrackedStatus[] => {
  switch (news.kind) {
    case 'begun':
    case 'happened':
    case 'warning':
      return []
    case 'learned':
      return [news]
    case 'unreadable':
      return [{ account: '', upload: String(news.line), status: E.left(news.failure) }]
  }
}

/** Passes news on, and tells how many uploads are where, before each piece that changes it. */
export const counted = (tell: (summary: Summary) => void): MonoTypeOperatorFunction<News> =>
  connect(news$ =>
    merge(news$.pipe(mergeMap(trackedIn), summarize(), tap(tell), ignoreElements()), news$),
  )
