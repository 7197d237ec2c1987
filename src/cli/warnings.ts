import { tap, type MonoTypeOperatorFunction } from 'rxjs'
import { formatDuration } from './display/format'
import type { News } from './news'
import { programName } from './commands/host'

/** Why polls are slow. */
export const lateness = (perMinute: number): string =>
  `polls come late: more of them are due than ${String(perMinute)} requests a minute allow`

/** Milliseconds until each upload has been polled once: a budget starts with a burst. */
const firstPass = (uploads: number, perMinute: number): number =>
  (Math.max(0, uploads - Math.ceil(perMinute / 6)) / perMinute) * 60_000

/** Says that the deadline passes before each upload was polled once; null where it does not. */
export const shortage = (uploads: number, perMinute: number, deadline: number): string | null => {
  const needed = firstPass(uploads, perMinute)
  return needed <= deadline
    ? null
    : `the first poll of ${String(uploads)} uploads takes about ${formatDuration(needed)} at ` +
        `${String(perMinute)} requests a minute, and --deadline is ${formatDuration(deadline)}: ` +
        'give a higher --rate, if your plan allows it, or a longer --deadline'
}

/** Writes warnings to another stream than the news. */
export const printWarnings = (
  output: Pick<NodeJS.WritableStream, 'write'>,
): MonoTypeOperatorFunction<News> =>
  tap(news => {
    if (news.kind === 'warning') output.write(`${programName}: ${news.message}\n`)
  })
