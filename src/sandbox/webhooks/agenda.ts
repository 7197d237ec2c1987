/** Work that is due at times of a clock. */
export interface Agenda {
  /** Does something when the clock shows `time`, never in the same turn. Returns how to cancel it. */
  readonly at: (time: number, work: () => void) => () => void
  /** Does what is due. A clock that a test moves gives no sign of it, so each request calls this. */
  readonly wake: () => void
  /** Forgets all. */
  readonly clear: () => void
}

/** The longest wait of a timer. */
const longest = 2 ** 31 - 1

/** @param isAwaited whether there is anybody for whom to keep a timer */
export const createAgenda = (clock: () => number, isAwaited: () => boolean): Agenda => {
  let entries: ReadonlyArray<{ readonly time: number; readonly work: () => void }> = []
  let timer: NodeJS.Timeout | undefined

  const rest = (): void => {
    clearTimeout(timer)
    const [next] = entries
    if (next === undefined || !isAwaited()) return
    // A timer may fire before the clock shows the time, and then waits again.
    timer = setTimeout(wake, Math.min(longest, Math.max(1, Math.ceil(next.time - clock()))))
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
