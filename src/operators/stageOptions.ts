import { asyncScheduler, type SchedulerLike } from 'rxjs'
import { callable, having, members } from '../failure/checked'

/** The sources of time and randomness of an operator. Tests pass their own. */
export interface StageOptions {
  /**
   * The scheduler that runs the waits and provides the time.
   *
   * @default asyncScheduler
   */
  readonly scheduler?: SchedulerLike | undefined
  /**
   * Returns numbers from 0 (inclusive) to 1 (exclusive).
   *
   * @default Math.random
   */
  readonly random?: (() => number) | undefined
}

/** Checks the options of an operator and fills in the defaults. */
export const stageOf = (
  options: StageOptions,
): { readonly scheduler: SchedulerLike; readonly random: () => number } => {
  members(options, 'options', ['scheduler', 'random'])
  const { scheduler = asyncScheduler, random = Math.random } = options
  return {
    scheduler: having(scheduler, 'scheduler', 'schedule', 'a SchedulerLike of RxJS'),
    random: callable(random, 'random', '() => a number from 0 up to 1'),
  }
}
