import type { Observable } from 'rxjs'
import type { RequestBudget } from '../budget/requestBudget'
import type { RefusedKey } from '../http/refusedKey'
import type { Clock } from '../runtime/clock'
import type { WatchEvent } from './event'
import type { PushSource } from './push'
import type { Rules } from './watchState'

/** The settings of watches: the rules of their transitions, and everything else. */
export interface WatchSettings extends Rules {
  readonly budget: RequestBudget | undefined
  readonly activity$: Observable<boolean> | undefined
  readonly poll$: Observable<unknown> | undefined
  readonly push: PushSource | undefined
  readonly signal: AbortSignal | undefined
  readonly on: ((event: WatchEvent) => void) | undefined
  readonly clock: Clock
  /** Shared by all watches that use the same key. */
  readonly refusedKey?: RefusedKey
}
