import { stretchesOf, type Step } from '../history'
import type { StoryLine } from '../story'

interface Props {
  readonly history: readonly Step[]
  readonly story: readonly StoryLine[]
  readonly now: number
}

/** What an upload did, drawn to scale. A dot is an attempt; a gap in the line is one that failed. */
export const TimeLine = ({ history, story, now }: Props) => {
  const stretches = stretchesOf(history, now)
  const start = history[0]?.at ?? now
  const length = stretches.reduce((sum, { lasted }) => sum + lasted, 0)
  return (
    <div className="line" aria-hidden="true">
      {stretches.map(({ doing, lasted }, i) => (
        <span key={i} className={doing} style={{ flexGrow: lasted }} />
      ))}
      {story
        .filter(
          ({ mark, at }) => (mark === 'attempt' || mark === 'trouble') && at <= start + length,
        )
        .map(({ mark, at }, i) => (
          <b
            key={i}
            className={mark}
            style={{ left: `${String((100 * (at - start)) / Math.max(1, length))}%` }}
          />
        ))}
    </div>
  )
}
