import type { StoryLine } from '../story'

interface Props {
  readonly lines: readonly StoryLine[]
  /** When the upload was started, in milliseconds since 1970. */
  readonly startedAt: number
}

/** All that was done to learn the status of an upload. */
export const Story = ({ lines, startedAt }: Props) => (
  <ol className="story" aria-label="Attempts" tabIndex={0}>
    {lines.map(({ at, mark, text }, i) => (
      <li key={i} className={mark}>
        <time>{(Math.max(0, at - startedAt) / 1_000).toFixed(1)} s</time>
        <span>{text}</span>
      </li>
    ))}
  </ol>
)
