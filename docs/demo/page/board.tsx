import { useEffect, useMemo, useState } from 'react'
import { waitingView, type UploadRef, type UploadView } from 'rx-upload-status'
import { useUploadStatuses } from 'rx-upload-status/react'
import { doingOf, isEnd, type Doing } from '../history'
import { Filters, isIn, type Filter } from './filters'
import { Row } from './row'
import type { Item } from './useItems'
import { useNow } from './useNow'
import { useStories } from './useStories'
import { tally, titleOf } from './words'

interface Props {
  readonly items: readonly Item[]
  readonly announce: (news: string) => void
  readonly onClear: (keys: ReadonlySet<string>) => void
}

/** What becomes of all uploads. */
export const Board = ({ items, announce, onClear }: Props) => {
  const refs = useMemo<readonly UploadRef[]>(
    () => items.flatMap(item => (item.state === 'started' ? [item.upload] : [])),
    [items],
  )
  const views = useUploadStatuses(refs)
  const viewOf = (ref: UploadRef): UploadView =>
    views.find(({ account, upload }) => account === ref.account && upload === ref.upload) ??
    waitingView
  const doingNow = (item: Item): Doing => {
    if (item.state === 'started') return doingOf(viewOf(item.upload))
    return item.state === 'refused' ? 'failed' : 'waiting'
  }
  const doings = items.map(doingNow)
  const isAnyRunning = !doings.every(isEnd)
  const now = useNow(isAnyRunning)
  const stories = useStories(isAnyRunning)
  const [shown, setShown] = useState<Filter>('all')
  const title = titleOf(doings)
  useEffect(() => {
    document.title = title
  }, [title])
  return (
    <section className="board" aria-labelledby="board">
      <h2 id="board" className="hidden">
        {tally(doings)}
      </h2>
      <Filters
        {...{ doings, shown, onShow: setShown }}
        onClear={() => {
          setShown('all')
          onClear(new Set(items.filter(item => isEnd(doingNow(item))).map(({ key }) => key)))
        }}
      />
      <ol className="uploads">
        {items
          .filter(item => isIn(shown, doingNow(item)))
          .map(item => {
            const { key } = item
            if (item.state !== 'started') return <Unstarted key={key} item={item} />
            const { upload } = item
            const story = stories.get(upload.upload) ?? []
            return <Row key={key} {...{ upload, view: viewOf(upload), story, now, announce }} />
          })}
      </ol>
    </section>
  )
}

const Unstarted = ({ item }: { readonly item: Exclude<Item, { state: 'started' }> }) => (
  <li className={`upload unstarted ${item.state === 'refused' ? 'failed' : 'waiting'}`}>
    <i className="sign" aria-hidden="true" />
    <h3 title={item.name}>
      <bdi>{item.name}</bdi>
    </h3>
    <p className="state">{item.state === 'refused' ? 'Refused' : 'Sending'}</p>
    {item.state === 'refused' && (
      <p className="sentence" role="alert">
        {item.why}
      </p>
    )}
  </li>
)
