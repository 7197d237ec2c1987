import { stretchesOf, type Step } from '../history'
import { lasting, words } from './words'

/** What is shorter, in milliseconds, is not worth a word. */
const barely = 500

interface Props {
  readonly history: readonly Step[]
  readonly now: number
  /** How long the wait that runs will last, in milliseconds; null if none runs. */
  readonly wait: number | null
}

/** What an upload did, and what it waits for, in words. */
export const Steps = ({ history, now, wait }: Props) => (
  <ol className="steps" aria-label="History">
    {stretchesOf(history, now)
      .filter(({ lasted }) => lasted >= barely)
      .map(({ doing, lasted }, i) => (
        <li key={i}>
          {words[doing].toLowerCase()} {lasting(lasted)}
        </li>
      ))}
    {wait !== null && <li>next attempt in {lasting(wait)}</li>}
  </ol>
)
