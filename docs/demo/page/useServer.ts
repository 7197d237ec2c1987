import * as t from 'io-ts'
import { useEffect, useRef, useState } from 'react'
import {
  defer,
  EMPTY,
  exhaustMap,
  fromEvent,
  map,
  retry,
  startWith,
  switchMap,
  take,
  timer,
} from 'rxjs'
import type { Chapter, Mark, StoryLine } from '../story'

/** How busy the budget of the server is. */
export interface Budget {
  readonly rate: number
  readonly queue: number
  readonly wait: number
  readonly running: number
  readonly pausedFor: number
}

/** What the server says of its work, once a second. */
export interface ServerNews {
  readonly stories: StoriesByUpload
  /** Null before its first answer. */
  readonly budget: Budget | null
  /** Whether it does not answer. */
  readonly isGone: boolean
}

const Mark: t.Type<Mark> = t.keyof({ attempt: null, status: null, trouble: null, wait: null })

const Line: t.Type<StoryLine> = t.type({
  upload: t.string,
  at: t.number,
  mark: Mark,
  text: t.string,
  until: t.union([t.number, t.null]),
})

const Answer: t.Type<Chapter & { readonly budget: Budget }> = t.type({
  lines: t.readonlyArray(Line),
  next: t.number,
  budget: t.type({
    rate: t.number,
    queue: t.number,
    wait: t.number,
    running: t.number,
    pausedFor: t.number,
  }),
})

/** The lines of each upload, by its id. */
type StoriesByUpload = ReadonlyMap<string, readonly StoryLine[]>

const withLines = (stories: StoriesByUpload, lines: readonly StoryLine[]): StoriesByUpload => {
  if (lines.length === 0) return stories
  const next = new Map(stories)
  for (const line of lines) next.set(line.upload, [...(next.get(line.upload) ?? []), line])
  return next
}

const load = async (from: number): Promise<t.TypeOf<typeof Answer>> => {
  const answer: unknown = await (await fetch(`stories?from=${String(from)}`)).json()
  if (!Answer.is(answer)) throw new TypeError('the server of this page speaks another version')
  return answer
}

/** Milliseconds between two questions to a server that does not answer. */
const again = 2_000

/** Once a second while the page is visible. */
const seconds$ = defer(() => fromEvent(document, 'visibilitychange')).pipe(
  startWith(null),
  map(() => document.hidden),
  switchMap(isHidden => (isHidden ? EMPTY : timer(0, 1_000))),
)

/** What the server says. It is asked twice more after the last upload has ended. */
export const useServer = (isAnyRunning: boolean): ServerNews => {
  const [news, setNews] = useState<ServerNews>({ stories: new Map(), budget: null, isGone: false })
  const next = useRef(0)
  useEffect(() => {
    const ticks$ = isAnyRunning ? seconds$ : timer(0, 500).pipe(take(2))
    const reading = ticks$
      .pipe(
        exhaustMap(() => load(next.current)),
        retry({
          delay: () => {
            setNews(before => ({ ...before, isGone: true }))
            return timer(again)
          },
        }),
      )
      .subscribe({
        next: ({ lines, next: from, budget }) => {
          next.current = from
          setNews(({ stories }) => ({ stories: withLines(stories, lines), budget, isGone: false }))
        },
        error: reportError,
      })
    return () => {
      reading.unsubscribe()
    }
  }, [isAnyRunning])
  return news
}
