import { useCallback, useEffect, useState } from 'react'
import { axisOf } from '../axis'
import { isRetriable, type Action } from './actions'
import type { Entries } from './entries'
import { entryDoing, isOver, isWatched, type Entry } from './entry'
import { Filters, isIn, type Filter } from './filters'
import { Gauge } from './gauge'
import { Row } from './row'
import { Rows } from './rows'
import { axisStyle, Ticks } from './timeLine'
import { useNow } from './useNow'
import type { ServerNews } from './useServer'
import { tally, titleOf } from './words'

interface Props {
  readonly entries: Entries
  readonly all: readonly Entry[]
  readonly server: ServerNews
  readonly onAct: (action: Action, entry: Entry) => void
}

const noStory = [] as const

const keysOf = (entries: readonly Entry[]): readonly string[] => entries.map(({ key }) => key)

/** What becomes of all uploads. */
export const Board = ({ entries, all, server, onAct }: Props) => {
  const doings = all.map(entryDoing)
  const now = useNow(!doings.every(isOver))
  const { stories, budget } = server
  const [shown, setShown] = useState<Filter>('all')
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const open = useCallback((key: string, isOpen: boolean) => {
    setOpened(before => new Set([...before].filter(each => each !== key).concat(isOpen ? key : [])))
  }, [])
  const title = titleOf(doings)
  useEffect(() => {
    document.title = title
  }, [title])
  const retriable = all.filter(isRetriable)
  const rows = all.filter(entry => isIn(shown, entryDoing(entry)))
  const axis = axisOf(
    rows.filter(isWatched).map(({ history }) => history),
    now,
  )
  return (
    <section className="board" aria-labelledby="board" style={axisStyle(axis)}>
      <h2 id="board" className="hidden">
        {tally(doings)}
      </h2>
      <Filters
        {...{ doings, shown, onShow: setShown }}
        retriable={retriable.length}
        onRetry={() => {
          entries.retry(keysOf(retriable))
        }}
        onClear={() => {
          setShown('all')
          entries.dismiss(keysOf(all.filter(entry => isOver(entryDoing(entry)))))
        }}
      />
      <Gauge budget={budget} />
      <Ticks axis={axis} />
      <Rows
        entries={rows}
        row={entry => (
          <Row
            key={entry.key}
            {...{ entry, onAct }}
            story={isWatched(entry) ? (stories.get(entry.upload.upload) ?? noStory) : noStory}
            now={isOver(entryDoing(entry)) ? 0 : now}
            isOpen={opened.has(entry.key)}
            onOpen={open}
          />
        )}
      />
    </section>
  )
}
