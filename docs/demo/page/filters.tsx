import { isEnd, type Doing } from '../history'
import { words } from './words'

/** A part of the board. */
export type Filter = 'all' | 'running' | 'completed' | 'failed' | 'unknown'

const titles: Readonly<Record<Filter, string>> = {
  all: 'All',
  running: 'In progress',
  completed: words.completed,
  failed: words.failed,
  unknown: words.unknown,
}

const filters = ['all', 'running', 'completed', 'failed', 'unknown'] as const

/** Whether an upload that does this belongs to a part of the board. */
export const isIn = (filter: Filter, doing: Doing): boolean =>
  filter === 'all' || (filter === 'running' ? !isEnd(doing) : filter === doing)

interface Props {
  readonly doings: readonly Doing[]
  readonly shown: Filter
  readonly onShow: (filter: Filter) => void
  readonly onClear: () => void
}

/** How many uploads there are of each kind. Pressed, a count shows these alone. */
export const Filters = ({ doings, shown, onShow, onClear }: Props) => {
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
      {doings.some(isEnd) && (
        <button type="button" className="plain" onClick={onClear}>
          Clear ended
        </button>
      )}
    </div>
  )
}
