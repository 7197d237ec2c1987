import { stretchesOf, type Step } from '../history'
import { lasting, words } from './words'

/** What is shorter, in milliseconds, is not worth a word. */
const barely = 500

/** What an upload did, in words. */
export const Steps = ({ history, now }: { history: readonly Step[]; now: number }) => (
  <ol className="steps" aria-label="History">
    {stretchesOf(history, now)
      .filter(({ lasted }) => lasted >= barely)
      .map(({ doing, lasted }, i) => (
        <li key={i}>
          {words[doing].toLowerCase()} {lasting(lasted)}
        </li>
      ))}
  </ol>
)
