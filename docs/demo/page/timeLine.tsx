import type { CSSProperties } from 'react'
import type { Axis } from '../axis'
import { stretchesOf, type Step } from '../history'
import type { StoryLine } from '../story'

/** Chromium computes in single precision: seconds since 1970 would be too large for it. */
const loadedAt = Date.now()

/** Custom properties of an element, in seconds. */
const seconds = (values: Readonly<Record<`--${string}`, number>>): CSSProperties =>
  Object.fromEntries(Object.entries(values).map(([name, ms]) => [name, ms / 1_000]))

/** What the lines below an element are drawn by. They move without being rendered again. */
export const axisStyle = ({ to, span }: Axis): CSSProperties =>
  seconds({ '--to': to - loadedAt, '--span': span })

const format = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })

/** The times above the lines. */
export const Ticks = ({ axis: { to, span } }: { readonly axis: Axis }) => (
  <div className="axis" aria-hidden="true">
    <div className="ticks">
      {[to - span, to - span / 2, to].map((at, i) => (
        <span key={i}>{format.format(at)}</span>
      ))}
    </div>
  </div>
)

interface Props {
  readonly history: readonly Step[]
  readonly story: readonly StoryLine[]
  readonly now: number
  /** How long the wait that runs will last, in milliseconds; null if none runs. */
  readonly wait: number | null
}

/** What an upload did, on the axis of all. A dot is an attempt, a triangle one that failed. */
export const TimeLine = ({ history, story, now, wait }: Props) => {
  const stretches = stretchesOf(history, now)
  const start = history[0]?.at ?? now
  const length = stretches.reduce((sum, { lasted }) => sum + lasted, 0)
  const percent = (ms: number): string => `${String((100 * ms) / Math.max(1, length))}%`
  return (
    <div className="line" aria-hidden="true">
      <div className="strip" style={seconds({ '--start': start - loadedAt, '--length': length })}>
        {stretches.map(({ doing, lasted }, i) => (
          <span key={i} className={doing} style={{ flexGrow: lasted }} />
        ))}
        {wait !== null && <i className="wait" style={{ width: percent(wait) }} />}
        {story
          .filter(
            ({ mark, at }) => (mark === 'attempt' || mark === 'trouble') && at <= start + length,
          )
          .map(({ mark, at }, i) => (
            <b key={i} className={mark} style={{ insetInlineStart: percent(at - start) }} />
          ))}
      </div>
    </div>
  )
}
