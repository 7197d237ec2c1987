import { left, right } from 'fp-ts/Either'
import type { Circumstances, Failure } from '../../src/failure/failure'
import { answer, completed, failed, ok, pending, processing } from '../answers'

/** The answers of the API in marbles. */
export const answers = {
  p: ok(pending),
  w: ok(processing),
  c: ok(completed),
  f: ok(failed),
  u: answer(503),
  t: answer(429, null, { 'retry-after': '1' }),
  r: answer(401, { error: 'Invalid API key.' }),
  n: answer(404, { error: 'No such upload.' }),
}

/** The values of a watch in marbles. */
export const values = {
  p: right(pending),
  w: right(processing),
  c: right(completed),
  f: right(failed),
}

/** A failure with the circumstances in which it ended the watch. */
export const endedBy = (
  failure: Failure,
  elapsed: number,
  attempts: number,
  lastStatus: Circumstances['lastStatus'] = null,
) => left({ ...failure, elapsed, attempts, lastStatus })

/** The start and end of each request. */
export const spans = (requests: ReadonlyArray<{ readonly from: number; readonly to: number }>) =>
  requests.map(({ from, to }) => [from, to])
