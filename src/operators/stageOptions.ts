import { asyncScheduler, type SchedulerLike } from 'rxjs'
import { callable, having, members } from '../failure/checked'

/** Where a stage takes its time and its randomness from. Tests hand in their own. */
export interface StageOptions {
  /**
   * Runs the waits, and tells the time.
   *
   * @default asyncScheduler
   */
  readonly scheduler?: SchedulerLike | undefined
  /**
   * Numbers from 0 up to 1.
   *
   * @default Math.random
   */
  readonly random?: (() => number) | undefined
}

/** Returns the options of a stage with the defaults filled in. */
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
