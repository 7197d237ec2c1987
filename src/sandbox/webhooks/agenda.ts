/** Schedules work at times of a clock. */
export interface Agenda {
  /** Runs `work` when the clock reaches `time`, never in the same turn. Returns a cancel function. */
  readonly at: (time: number, work: () => void) => () => void
  /** Runs overdue work. Each request calls this, because a test may move the clock silently. */
  readonly wake: () => void
  /** Cancels all work. */
  readonly clear: () => void
}

/** The longest wait of a timer, in ms. */
const maxTimer = 2 ** 31 - 1

/** @param isAwaited whether the work still needs a timer */
export const createAgenda = (clock: () => number, isAwaited: () => boolean): Agenda => {
  let entries: ReadonlyArray<{ readonly time: number; readonly work: () => void }> = []
  let timer: NodeJS.Timeout | undefined

  const rest = (): void => {
    clearTimeout(timer)
    const [next] = entries
    if (next === undefined || !isAwaited()) return
    // A timer may fire before the clock reaches the time. Then it waits again.
    timer = setTimeout(wake, Math.min(maxTimer, Math.max(1, Math.ceil(next.time - clock()))))
  }

  const wake = (): void => {
    const now = clock()
    const due = entries.filter(({ time }) => time <= now)
    entries = entries.slice(due.length)
    rest()
    for (const { work } of due) work()
  }

  return {
    at: (time, work) => {
      const later = entries.findIndex(entry => entry.time > time)
      const before = later === -1 ? entries.length : later
      const added = { time, work }
      entries = entries.toSpliced(before, 0, added)
      if (before === 0) rest()
      return () => {
        entries = entries.filter(entry => entry !== added)
        rest()
      }
    },
    wake,
    clear: () => {
      clearTimeout(timer)
      entries = []
    },
  }
}
