import { formatDuration } from './format'
import { cut, shorten } from './text'
import type { Paint, Style } from './terminal'
import { ageOf, type Activity, type Row } from './row'

/** How the lines of a board are laid out. */
export interface Layout {
  /** Characters in a line. */
  readonly columns: number
  /** Characters for a name. */
  readonly names: number
  readonly paint: Paint
}

/** Where there are fewer columns, there is but a mark, the name and the age. */
const wide = 50

/** Characters of a line that are not the name's: in the wide one 20 of them tell what goes on. */
const beside = { narrow: 10, wide: 54 }

/** The layout on a terminal of so many columns, for names of which the longest is so long. */
export const layoutOf = (longest: number, columns: number, paint: Paint): Layout => {
  const room = columns < wide ? columns - beside.narrow : Math.max(12, columns - beside.wide)
  return { columns, paint, names: Math.min(longest, Math.max(4, room)) }
}

const looks: {
  readonly [State in Row['state']]: { readonly mark: string; readonly style: Style }
} = {
  waiting: { mark: '·', style: 'dim' },
  pending: { mark: '·', style: 'dim' },
  processing: { mark: '›', style: 'cyan' },
  completed: { mark: '✓', style: 'green' },
  failed: { mark: '✗', style: 'red' },
  unlearned: { mark: '?', style: 'yellow' },
}

/** What a watch is about to do, in words. */
const activityText = (activity: Activity, now: number): string => {
  switch (activity.kind) {
    case 'queued':
      return 'queued'
    case 'asking':
      return 'asking'
    case 'scheduled':
      return activity.at > now ? `poll in ${formatDuration(activity.at - now)}` : 'queued'
    case 'retrying':
      return activity.at > now
        ? `retry in ${formatDuration(activity.at - now)}: ${activity.because}`
        : `queued: ${activity.because}`
    case 'settled':
      return activity.result
  }
}

/**
 * One upload on one line, no longer than the layout has columns.
 *
 * ```
 * ✓ completed   ofapi_…3f2a9c     8.1s   9 polls  video 123 in the vault
 * ```
 */
export const rowLine = (row: Row, now: number, { columns, names, paint }: Layout): string => {
  const { mark, style } = looks[row.state]
  const name = shorten(row.name, names).padEnd(names)
  const age = formatDuration(ageOf(row, now)).padStart(7)
  const polls = `${String(row.polls)} ${row.polls === 1 ? 'poll ' : 'polls'}`.padStart(9)
  const [lead, facts] =
    columns < wide
      ? [mark, ` ${name} ${age}`]
      : [`${mark} ${row.state.padEnd(10)}`, `  ${name} ${age} ${polls}`]
  const rest = columns - lead.length - facts.length - 2
  const activity = rest < 4 ? '' : `  ${cut(activityText(row.activity, now), rest)}`
  return paint(style, lead) + cut(facts + activity, columns - lead.length)
}
