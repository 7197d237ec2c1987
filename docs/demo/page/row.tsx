import { useEffect, useState } from 'react'
import type { UploadView } from 'rx-upload-status'
import { ageOf, doingOf, isEnd } from '../history'
import type { StartedUpload } from '../startedUpload'
import type { StoryLine } from '../story'
import { Steps } from './steps'
import { Story } from './story'
import { TimeLine } from './timeLine'
import { useHistory } from './useHistory'
import { lasting, sentenceOf, words } from './words'

interface Props {
  readonly upload: StartedUpload
  readonly view: UploadView
  readonly story: readonly StoryLine[]
  readonly now: number
  /** Receives a sentence about the end of an upload that was watched. */
  readonly announce: (news: string) => void
}

/** An upload that was started. Opened, it shows each attempt. */
export const Row = ({ upload, view, story, now, announce }: Props) => {
  const { name } = upload
  const history = useHistory(view, upload.history)
  const doing = doingOf(view)
  const sentence = sentenceOf(view)
  const ended = isEnd(doing)
  useEffect(() => {
    if (ended) announce(`${name}: ${words[doing]}. ${sentence ?? ''}`)
  }, [announce, doing, ended, name, sentence])
  return (
    <li className={`upload ${doing}`}>
      <details>
        <summary>
          <i className="sign" aria-hidden="true" />
          <h3 title={name}>
            <bdi>{name}</bdi>
          </h3>
          <p className="state">{words[doing]}</p>
          <TimeLine {...{ history, story, now }} />
          <p className="age">
            <span className="hidden">{ended ? 'after ' : 'for '}</span>
            {lasting(ageOf(history, now))}
          </p>
          {sentence !== null && <p className="sentence">{sentence}</p>}
        </summary>
        <div className="opened">
          <Steps {...{ history, now }} />
          <Story lines={story} startedAt={upload.history[0]?.at ?? 0} />
          <CopyId id={upload.upload} />
        </div>
      </details>
    </li>
  )
}

const CopyId = ({ id }: { readonly id: string }) => {
  const [isCopied, setIsCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(id)
    setIsCopied(true)
  }
  return (
    <p className="id">
      <code>{id}</code>{' '}
      <button type="button" className="plain" onClick={() => void copy()}>
        {isCopied ? 'Copied' : 'Copy'}
      </button>
    </p>
  )
}
