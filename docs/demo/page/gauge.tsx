import type { Budget } from './useServer'
import { tenths } from './words'

/** How busy the budget is, through which all polls of the server go. */
export const Gauge = ({ budget }: { readonly budget: Budget | null }) => (
  <ul className="gauge" aria-label="Budget of the server">
    {budget !== null && (
      <>
        <li>
          <b>{budget.rate.toLocaleString('en')}</b> requests a minute
        </li>
        <li>
          <b>{budget.running}</b> in flight
        </li>
        <li>
          <b>{budget.queue.toLocaleString('en')}</b> in the queue
          {budget.queue > 0 && `, for up to ${tenths(budget.wait)}`}
        </li>
        {budget.pausedFor > 0 && (
          <li className="pause">
            <b>paused</b> for {tenths(budget.pausedFor)}
          </li>
        )}
      </>
    )}
  </ul>
)
