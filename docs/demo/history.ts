import type { UploadView } from 'rx-upload-status'

/** What an upload was doing, as far as anybody looked. Nobody looks at one that is stopped. */
export type Doing = UploadView['phase'] | 'paused' | 'stopped'

/** When it began. */
export interface Step {
  readonly doing: Doing
  /** Milliseconds since 1970. */
  readonly at: number
}

/** A step, and how long it lasted. */
export interface Stretch {
  readonly doing: Doing
  /** Milliseconds. */
  readonly lasted: number
}

export const isEnd = (doing: Doing): boolean =>
  doing === 'completed' || doing === 'failed' || doing === 'unknown' || doing === 'stopped'

/** What a view shows an upload to be doing. */
export const doingOf = ({ phase, isPaused }: UploadView): Doing => (isPaused ? 'paused' : phase)

/** A history with one more step, if it is another one. */
export const historyWith = (history: readonly Step[], step: Step): readonly Step[] =>
  history.at(-1)?.doing === step.doing ? history : [...history, step]

/** How long each step lasted, until now or until the end. An end lasts for ever, and is none. */
export const stretchesOf = (history: readonly Step[], now: number): readonly Stretch[] =>
  history
    .map(({ doing, at }, i) => ({
      doing,
      lasted: Math.max(0, (history[i + 1]?.at ?? now) - at),
    }))
    .filter(({ doing }) => !isEnd(doing))

/** Milliseconds from the start until now, or until the end. */
export const ageOf = (history: readonly Step[], now: number): number =>
  stretchesOf(history, now).reduce((age, { lasted }) => age + lasted, 0)
