import { isOutcome } from '../api/status'
import type { ExpectedUpload, UploadRef } from '../api/uploadRef'
import * as E from '../failure/either'
import type { Clock } from '../runtime/clock'
import { notify as notifyObserver } from '../runtime/notify'
import { steadyClock } from '../runtime/steadyClock'
import type { Happening, WatchEvent, Watched } from './event'
import { reportEnd, type PushSource } from './push'
import { endOf, unstarted, type Transition, type Watch } from './watchState'

/** A running watch: a state that transitions replace, and a clock. */
export interface LiveWatch {
  readonly state: () => Watch
  /** Milliseconds since the start, an integer. */
  readonly elapsed: () => number
  /** Milliseconds until the watch must end; 0 or less if it must end now, Infinity after its end. */
  readonly timeLeft: () => number
  /**
   * Replaces the state, calls `on`, and returns the value to emit, if any. Does nothing after the end
   * of the watch, which `on` may cause.
   */
  readonly apply: (transition: Transition) => Watched | undefined
  /** Stops the watch and calls `on`, unless the watch has ended. */
  readonly stop: () => void
  /** Closes the watch here without an event, because it continues elsewhere. */
  readonly close: () => void
}

interface LiveSettings {
  readonly clock: Clock
  readonly deadline: number
  readonly on?: ((event: WatchEvent) => void) | undefined
  readonly push?: PushSource | undefined
}

/** A watch that started earlier: its state, and the milliseconds since its start. */
export interface SavedWatch {
  readonly state: Watch
  readonly elapsed: number
}

/** A watch that started earlier, with its upload. */
export interface SavedUpload extends SavedWatch {
  readonly ref: ExpectedUpload
}

/** A new watch. */
export const newWatch: SavedWatch = { state: unstarted, elapsed: 0 }

/** @param begun the state to continue from; by default a new watch */
export const liveWatch = (
  { account, upload }: UploadRef,
  { clock, deadline, on, push }: LiveSettings,
  begun: SavedWatch = newWatch,
): LiveWatch => {
  let { state } = begun
  let isOver = false
  const now = steadyClock(clock, defect => {
    // After the end nothing receives a defect.
    if (!isOver) throw defect
  })
  const startedAt = Math.floor(now()) - begun.elapsed
  // A function, because a listener of the events may end the watch in between.
  const hasEnded = (): boolean => isOver

  const elapsed = (): number => Math.floor(now()) - startedAt

  const notify = (event: Happening): void => {
    notifyObserver(on, { account, upload, at: elapsed(), ...event })
  }

  const apply = (transition: Transition): Watched | undefined => {
    if (hasEnded()) return undefined
    const step = transition(state, elapsed())
    const { watch, value, events } = step
    state = watch
    events.forEach(notify)
    if (value === undefined || hasEnded()) return undefined
    // A status pushed by a listener in between is newer than this one.
    if (E.isRight(value) && state.status !== watch.status) return undefined
    if (isOutcome(value)) {
      isOver = true
      reportEnd(push, { account, upload }, step, () => {
        notify({ _tag: 'SourceFailed', source: 'push' })
      })
      notify({ _tag: 'Settled', value })
    }
    return value
  }

  return {
    state: () => state,
    elapsed,
    // A listener of the last event may resume the polls, before they are unsubscribed from.
    timeLeft: () => (isOver ? Infinity : endOf(state, deadline) - elapsed()),
    apply,
    stop: () => {
      if (isOver) return
      isOver = true
      notify({ _tag: 'Stopped' })
    },
    close: () => {
      isOver = true
    },
  }
}
