import { useEffect, useMemo } from 'react'
import { waitingView, type UploadRef, type UploadView } from 'rx-upload-status'
import { useUploadStatuses } from 'rx-upload-status/react'
import { doingOf, isEnd } from '../history'
import { Row } from './row'
import { useNow } from './useNow'
import type { Item } from './useItems'
import { tally, titleOf } from './words'

interface Props {
  readonly items: readonly Item[]
  readonly announce: (news: string) => void
}

/** What becomes of all uploads. */
export const Board = ({ items, announce }: Props) => {
  const refs = useMemo<readonly UploadRef[]>(
    () => items.flatMap(item => (item.state === 'started' ? [item.upload] : [])),
    [items],
  )
  const views = useUploadStatuses(refs)
  const viewOf = (ref: UploadRef): UploadView =>
    views.find(({ account, upload }) => account === ref.account && upload === ref.upload) ??
    waitingView
  const doings = views.map(doingOf)
  const now = useNow(!doings.every(isEnd))
  const title = titleOf(doings)
  useEffect(() => {
    document.title = title
  }, [title])
  return (
    <section className="board" aria-labelledby="board">
      <h2 id="board">{doings.length === 0 ? 'On the way' : tally(doings)}</h2>
      <ol className="uploads">
        {items.map(item => {
          const { key } = item
          if (item.state !== 'started') return <Unstarted key={key} item={item} />
          const { upload } = item
          return <Row key={key} {...{ upload, view: viewOf(upload), now, announce }} />
        })}
      </ol>
    </section>
  )
}

const Unstarted = ({ item }: { readonly item: Exclude<Item, { state: 'started' }> }) => (
  <li className={`upload ${item.state === 'refused' ? 'failed' : 'waiting'}`}>
    <h3>{item.name}</h3>
    <div className="standing">
      <p className="state">{item.state === 'refused' ? 'Refused' : 'Sending'}</p>
    </div>
    {item.state === 'refused' && (
      <p className="sentence" role="alert">
        {item.why}
      </p>
    )}
  </li>
)
