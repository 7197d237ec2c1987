import type { BudgetLoad } from 'rx-upload-status'

/** The load of a budget of 60 a minute that does nothing. */
export const loadAtRest: Required<BudgetLoad> = {
  queue: 0,
  wait: 0,
  rate: 60,
  lateness: 0,
  growth: 0,
  running: 0,
  pausedFor: 0,
}
