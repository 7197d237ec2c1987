import { useEffect } from 'react'
import type { UploadView } from 'rx-upload-status'
import { ageOf, doingOf, isEnd } from '../history'
import { TimeLine } from './timeLine'
import type { StartedUpload } from '../startedUpload'
import { useHistory } from './useHistory'
import { lasting, sentenceOf, words } from './words'

interface Props {
  readonly upload: StartedUpload
  readonly view: UploadView
  readonly now: number
  /** Told in words of the end of an upload that was watched. */
  readonly announce: (news: string) => void
}

/** An upload that was started. */
export const Row = ({ upload, view, now, announce }: Props) => {
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
      <h3>{name}</h3>
      <div className="standing">
        <p className="state">{words[doing]}</p>
        <p className="age">
          <span className="hidden">{ended ? 'after ' : 'for '}</span>
          {lasting(ageOf(history, now))}
        </p>
      </div>
      <TimeLine history={history} now={now} />
      {sentence !== null && <p className="sentence">{sentence}</p>}
    </li>
  )
}
