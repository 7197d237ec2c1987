import fc from 'fast-check'
import { left, right, type Either } from 'fp-ts/Either'
import type { Happening } from '../../src/watch/event'
import type { Failure } from '../../src/failure/failure'
import type { UploadStatus } from '../../src/api/status'
import { completed, failed, pending, processing } from '../answers'
import { failureArbitrary } from '../failure/failureArbitrary'

/** Any value or event of an upload. */
export type News = Either<Failure, UploadStatus> | Happening

// New ones each time, as a relay decodes them again.
const status: fc.Arbitrary<UploadStatus> = fc
  .constantFrom(pending, processing, completed, failed)
  .map(it => ({ ...it }))

const statusName = fc.constantFrom('pending', 'processing', 'completed', 'failed')

/** A value of a watch. */
export const valueArbitrary: fc.Arbitrary<Either<Failure, UploadStatus>> = fc.oneof(
  { weight: 5, arbitrary: status.map(right) },
  { weight: 1, arbitrary: failureArbitrary.map(left) },
)

const event: { readonly [Tag in Happening['_tag']]: fc.Arbitrary<Happening> } = {
  AttemptStarted: fc.record({
    _tag: fc.constant('AttemptStarted'),
    attempt: fc.nat(),
    late: fc.nat(),
  }),
  StatusReceived: fc.record({
    _tag: fc.constant('StatusReceived'),
    status: statusName,
    via: fc.constantFrom('poll', 'push'),
  }),
  StatusUnknown: fc.record({ _tag: fc.constant('StatusUnknown'), status: fc.string() }),
  CreditsReported: fc.record({
    _tag: fc.constant('CreditsReported'),
    used: fc.option(fc.string(), { nil: null }),
    balance: fc.option(fc.string(), { nil: null }),
  }),
  AttemptFailed: fc.record({ _tag: fc.constant('AttemptFailed'), failure: failureArbitrary }),
  RetryScheduled: fc.record({
    _tag: fc.constant('RetryScheduled'),
    wait: fc.nat(),
    retries: fc.nat(),
  }),
  PollScheduled: fc.record({ _tag: fc.constant('PollScheduled'), wait: fc.nat(), polls: fc.nat() }),
  Paused: fc.constant({ _tag: 'Paused' }),
  Resumed: fc.constant({ _tag: 'Resumed' }),
  StatusRegressed: fc.record({
    _tag: fc.constant('StatusRegressed'),
    from: statusName,
    to: statusName,
  }),
  PushIgnored: fc.record({
    _tag: fc.constant('PushIgnored'),
    reason: fc.constantFrom('malformed', 'unwatched'),
    problems: fc.constant([]),
  }),
  SourceFailed: fc.record({
    _tag: fc.constant('SourceFailed'),
    source: fc.constantFrom('activity$', 'push'),
  }),
  Stalled: fc.record({
    _tag: fc.constant('Stalled'),
    status: statusName,
    unchangedFor: fc.nat(),
  }),
  Stopped: fc.constant({ _tag: 'Stopped' }),
  Settled: fc.record({ _tag: fc.constant('Settled'), value: valueArbitrary }),
}

const { Settled, ...others } = event

export const newsArbitrary: fc.Arbitrary<News> = fc.oneof(
  { weight: 6, arbitrary: fc.oneof(...Object.values(others)) },
  { weight: 3, arbitrary: valueArbitrary },
  { weight: 1, arbitrary: Settled },
)
