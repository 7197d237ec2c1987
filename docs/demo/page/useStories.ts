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

const Mark: t.Type<Mark> = t.keyof({ attempt: null, status: null, trouble: null, wait: null })

const Chapter: t.Type<Chapter> = t.type({
  lines: t.readonlyArray(t.type({ upload: t.string, at: t.number, mark: Mark, text: t.string })),
  next: t.number,
})

/** The lines of each upload, by its id. */
export type StoriesByUpload = ReadonlyMap<string, readonly StoryLine[]>

const withLines = (stories: StoriesByUpload, lines: readonly StoryLine[]): StoriesByUpload => {
  if (lines.length === 0) return stories
  const next = new Map(stories)
  for (const line of lines) next.set(line.upload, [...(next.get(line.upload) ?? []), line])
  return next
}

const load = async (from: number): Promise<Chapter> => {
  const chapter: unknown = await (await fetch(`stories?from=${String(from)}`)).json()
  return Chapter.is(chapter) ? chapter : { lines: [], next: from }
}

/** Once a second while the page is visible. */
const seconds$ = defer(() => fromEvent(document, 'visibilitychange')).pipe(
  startWith(null),
  map(() => document.hidden),
  switchMap(isHidden => (isHidden ? EMPTY : timer(0, 1_000))),
)

/** What happened to each upload. It is read twice more after the last of them has ended. */
export const useStories = (isAnyRunning: boolean): StoriesByUpload => {
  const [stories, setStories] = useState<StoriesByUpload>(new Map())
  const next = useRef(0)
  useEffect(() => {
    const ticks$ = isAnyRunning ? seconds$ : timer(0, 500).pipe(take(2))
    const reading = ticks$
      .pipe(
        exhaustMap(() => load(next.current)),
        retry({ delay: 2_000 }),
      )
      .subscribe({
        next: chapter => {
          next.current = chapter.next
          setStories(before => withLines(before, chapter.lines))
        },
        error: reportError,
      })
    return () => {
      reading.unsubscribe()
    }
  }, [isAnyRunning])
  return stories
}
