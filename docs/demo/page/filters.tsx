import { isOver, type EntryDoing } from './entry'
import { words } from './words'

const filters = ['all', 'running', 'completed', 'failed', 'unknown', 'refused', 'stopped'] as const

/** A part of the board. */
export type Filter = (typeof filters)[number]

const titles: Readonly<Record<Filter, string>> = {
  all: 'All',
  running: 'In progress',
  completed: words.completed,
  failed: words.failed,
  unknown: words.unknown,
  refused: words.refused,
  stopped: words.stopped,
}

/** Whether an upload that does this belongs to a part of the board. */
export const isIn = (filter: Filter, doing: EntryDoing): boolean => {
  if (filter === 'all') return true
  if (filter === 'running') return !isOver(doing)
  return filter === doing || (filter === 'stopped' && doing === 'cancelled')
}

interface Props {
  readonly doings: readonly EntryDoing[]
  readonly shown: Filter
  readonly onShow: (filter: Filter) => void
  /** How many did not succeed, and can be tried again. */
  readonly retriable: number
  readonly onRetry: () => void
  readonly onClear: () => void
}

/** How many uploads there are of each kind. Pressed, a count shows these alone. */
export const Filters = ({ doings, shown, onShow, retriable, onRetry, onClear }: Props) => {
  const countOf = (filter: Filter): number => doings.filter(doing => isIn(filter, doing)).length
  return (
    <div className="filters" role="group" aria-label="Show">
      {filters
        .filter(filter => filter === 'all' || filter === shown || countOf(filter) > 0)
        .map(filter => (
          <button
            key={filter}
            type="button"
            className={filter}
            aria-pressed={filter === shown}
            onClick={() => {
              onShow(filter)
            }}
          >
            {titles[filter]} {countOf(filter)}
          </button>
        ))}
      <span className="bulk">
        {retriable > 0 && (
          <button type="button" className="plain" onClick={onRetry}>
            Retry failed
          </button>
        )}
        {doings.some(isOver) && (
          <button type="button" className="plain" onClick={onClear}>
            Clear ended
          </button>
        )}
      </span>
    </div>
  )
}
