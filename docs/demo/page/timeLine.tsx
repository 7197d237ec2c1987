import { isEnd, stretchesOf, type Step } from '../history'
import { lasting, words } from './words'

interface Props {
  readonly history: readonly Step[]
  readonly now: number
}

/** What is shorter, in milliseconds, is not worth a word. */
const barely = 500

/** What an upload did, drawn to scale, and in words below. */
export const TimeLine = ({ history, now }: Props) => {
  const stretches = stretchesOf(history, now).filter(({ lasted }) => lasted >= barely)
  const last = history.at(-1)
  return (
    <>
      <div className="line" aria-hidden="true">
        {stretches.map(({ doing, lasted }, i) => (
          <span key={i} className={doing} style={{ flexGrow: lasted }} />
        ))}
        {last !== undefined && <i className={isEnd(last.doing) ? last.doing : 'now'} />}
      </div>
      <ol className="steps" aria-label="History">
        {stretches.map(({ doing, lasted }, i) => (
          <li key={i}>
            {words[doing].toLowerCase()} {lasting(lasted)}
          </li>
        ))}
      </ol>
    </>
  )
}
