import { memo } from 'react'
import { ageOf } from '../history'
import { waitLeft, type StoryLine } from '../story'
import { ActionMenu } from './actionMenu'
import { actionsOf, type Action } from './actions'
import { entryDoing, isOver, isWatched, type Entry } from './entry'
import { Name } from './name'
import { Steps } from './steps'
import { Story } from './story'
import { TimeLine } from './timeLine'
import { lasting, sentenceOf, words } from './words'

interface Props {
  readonly entry: Entry
  readonly story: readonly StoryLine[]
  /** Milliseconds since 1970; for a row that is over it does not matter. */
  readonly now: number
  readonly isOpen: boolean
  readonly onOpen: (key: string, isOpen: boolean) => void
  readonly onAct: (action: Action, entry: Entry) => void
}

/** An upload. Once it was started the row can be opened, and then shows each attempt. */
export const Row = memo(({ entry, story, now, isOpen, onOpen, onAct }: Props) => {
  const { key, name } = entry
  const doing = entryDoing(entry)
  const sentence = sentenceOf(entry)
  const wait = isOver(doing) ? null : waitLeft(story, now)
  const head = (
    <>
      <i className="sign" aria-hidden="true" />
      <Name name={name} />
      <p className="state">
        {words[doing]}
        {entry.state === 'sending' && entry.percent !== null && ` ${String(entry.percent)} %`}
      </p>
      {isWatched(entry) && (
        <>
          <TimeLine {...{ history: entry.history, story, now, wait }} />
          <p className="age">
            <span className="hidden">{isOver(doing) ? 'after ' : 'for '}</span>
            {lasting(ageOf(entry.history, now))}
          </p>
        </>
      )}
      {sentence !== null && <p className="sentence">{sentence}</p>}
    </>
  )
  return (
    <li className={`upload ${doing}`}>
      {isWatched(entry) ? (
        <details
          open={isOpen}
          onToggle={({ currentTarget }) => {
            onOpen(key, currentTarget.open)
          }}
        >
          <summary>{head}</summary>
          {isOpen && (
            <div className="opened">
              <Steps {...{ history: entry.history, now, wait }} />
              <Story lines={story} startedAt={entry.upload.history[0]?.at ?? 0} />
              <p className="id">
                <code>{entry.upload.upload}</code>
              </p>
            </div>
          )}
        </details>
      ) : (
        <div className="unstarted">{head}</div>
      )}
      <ActionMenu
        name={name}
        actions={actionsOf(entry)}
        onPick={action => {
          onAct(action, entry)
        }}
      />
    </li>
  )
})
Row.displayName = 'Row'
