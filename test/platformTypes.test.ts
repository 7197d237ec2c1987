import { describe, expect, test } from '@jest/globals'
import { expectTypeOf } from 'expect-type'
import type { Either } from 'fp-ts/lib/Either.js'
import type { Task } from 'fp-ts/lib/Task.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { filter, map, NEVER, of, pipe, scan, type Observable } from 'rxjs'
import {
  createUploadStatusClient,
  fetchStatus$,
  isTerminal,
  matchStatus,
  mediaId,
  orThrow,
  outcome,
  outcomes,
  repeatOnSchedule,
  retryTransient,
  statuses,
  summarize,
  untilTerminal,
  uploadOutcome,
  uploadOutcomes,
  uploadStatus$,
  uploadStatuses$,
  uploadView,
  waitingView,
  type CompletedFanslyUpload,
  type ExpectedUpload,
  type FailedUpload,
  type Failure,
  type FanslyId,
  type FanslyRef,
  type FanslyUploadStatus,
  type Summary,
  type TerminalStatus,
  type TrackedOutcome,
  type TrackedStatus,
  type UploadRef,
  type UploadStatus,
  type UploadStatusSource,
  type UploadView,
} from 'rx-upload-status'
import { relayedSource, relayedUploadStatus$ } from 'rx-upload-status/relay/client'
import { sourceOf } from 'rx-upload-status/testing'

type Values<Status = UploadStatus> = Observable<Either<Failure, Status>>
type View = UploadView<FanslyUploadStatus>
type End = CompletedFanslyUpload | FailedUpload

const account: string = 'acct_1'
const upload: string = 'ofapi_media_1'
const fanslyUpload: FanslyId = 'fansly_media_1'
const ref: UploadRef = { account, upload }
const fanslyRef: FanslyRef = { account: 'fansly_acct_1', upload: fanslyUpload }
const refs: readonly ExpectedUpload[] = [{ ...ref, hint: 1 }]
const fanslyRefs: readonly FanslyRef[] = [fanslyRef]
const client = createUploadStatusClient({ apiKey: null })
const url = 'https://relay.example/uploads'
const nothing = () => null

const fansly$ = uploadStatus$('fansly_acct_1', 'fansly_media_1')
const onlyfans$ = uploadStatus$('acct_1', 'ofapi_media_1')

describe('the type of a status', () => {
  test('is FanslyUploadStatus if the type of the upload is of Fansly', () => {
    expectTypeOf(fansly$).toEqualTypeOf<Values<FanslyUploadStatus>>()
    expectTypeOf(uploadStatus$(account, `fansly_media_${upload}`)).toEqualTypeOf<typeof fansly$>()
    expectTypeOf(uploadStatus$(fanslyRef)).toEqualTypeOf<typeof fansly$>()
    expectTypeOf(uploadStatus$({ account, upload: 'fansly_media_1' })).toEqualTypeOf<
      typeof fansly$
    >()
    expectTypeOf(uploadStatus$({ account, upload, platform: 'fansly' })).toEqualTypeOf<
      typeof fansly$
    >()
    expectTypeOf(fetchStatus$(account, fanslyUpload)).toEqualTypeOf<typeof fansly$>()
    expectTypeOf(client.uploadStatus$(account, fanslyUpload)).toEqualTypeOf<typeof fansly$>()
    expectTypeOf(client.uploadStatus$(fanslyRef)).toEqualTypeOf<typeof fansly$>()
    expectTypeOf(relayedUploadStatus$(url, account, fanslyUpload)).toEqualTypeOf<typeof fansly$>()
    expectTypeOf(uploadOutcome(account, fanslyUpload)).toEqualTypeOf<TaskEither<Failure, End>>()
    expectTypeOf(client.uploadOutcome(account, fanslyUpload)).toEqualTypeOf<
      TaskEither<Failure, End>
    >()
  })

  test('is FanslyUploadStatus if the type of all references is of Fansly', () => {
    type Many = Observable<TrackedStatus<FanslyUploadStatus>>
    type Ends = Task<readonly TrackedOutcome<End>[]>
    expectTypeOf(uploadStatuses$(fanslyRefs)).toEqualTypeOf<Many>()
    expectTypeOf(uploadStatuses$(of(fanslyRef))).toEqualTypeOf<Many>()
    expectTypeOf(
      uploadStatuses$([{ account, upload: 'fansly_media_1', hint: 1 }]),
    ).toEqualTypeOf<Many>()
    expectTypeOf(client.uploadStatuses$([fanslyRefs])).toEqualTypeOf<Many>()
    expectTypeOf(uploadOutcomes(fanslyRefs)).toEqualTypeOf<Ends>()
    expectTypeOf(client.uploadOutcomes(fanslyRefs)).toEqualTypeOf<Ends>()
  })

  test('is UploadStatus for every other id, so that code for one platform does not change', () => {
    expectTypeOf(onlyfans$).toEqualTypeOf<Values>()
    expectTypeOf(uploadStatus$(account, upload)).toEqualTypeOf<Values>()
    expectTypeOf(uploadStatus$(ref)).toEqualTypeOf<Values>()
    expectTypeOf([ref].map(each => uploadStatus$(each))).toEqualTypeOf<Values[]>()
    expectTypeOf<ReturnType<typeof uploadStatus$>>().toEqualTypeOf<Values>()
    expectTypeOf(fetchStatus$(account, upload)).toEqualTypeOf<Values>()
    expectTypeOf(client.uploadStatus$(account, upload)).toEqualTypeOf<Values>()
    expectTypeOf(relayedUploadStatus$(url, account, upload)).toEqualTypeOf<Values>()
    expectTypeOf(uploadOutcome(account, upload)).toEqualTypeOf<
      TaskEither<Failure, TerminalStatus>
    >()
    expectTypeOf(uploadStatuses$(refs)).toEqualTypeOf<Observable<TrackedStatus>>()
    expectTypeOf(uploadStatuses$([ref, fanslyRef])).toEqualTypeOf<Observable<TrackedStatus>>()
    expectTypeOf(uploadOutcomes(refs)).toEqualTypeOf<Task<readonly TrackedOutcome[]>>()
    expectTypeOf(client.uploadOutcomes(refs)).toEqualTypeOf<Task<readonly TrackedOutcome[]>>()
  })

  test('is kept by the operators, for either platform', () => {
    expectTypeOf(fansly$.pipe(outcome())).toEqualTypeOf<Values<End>>()
    expectTypeOf(onlyfans$.pipe(outcome())).toEqualTypeOf<Values<TerminalStatus>>()
    const polled$ = fetchStatus$(account, fanslyUpload).pipe(
      retryTransient(),
      repeatOnSchedule(),
      untilTerminal(),
      orThrow(),
    )
    expectTypeOf(polled$).toEqualTypeOf<Observable<FanslyUploadStatus>>()
    const ends$ = fansly$.pipe(statuses(), filter(isTerminal))
    expectTypeOf(ends$).toEqualTypeOf<Observable<End>>()
    expectTypeOf(uploadStatuses$(fanslyRefs).pipe(outcomes())).toEqualTypeOf<
      Observable<TrackedOutcome<End>>
    >()
    expectTypeOf(uploadStatuses$(fanslyRefs).pipe(summarize())).toEqualTypeOf<Observable<Summary>>()
    const cases = { pending: nothing, processing: nothing, failed: nothing }
    const owner$ = fansly$.pipe(
      statuses(),
      map(matchStatus({ ...cases, completed: ({ media }) => media?.accountId })),
    )
    expectTypeOf(owner$).toEqualTypeOf<Observable<string | null | undefined>>()
    expectTypeOf(
      fansly$.pipe(statuses(), map(matchStatus({ ...cases, completed: mediaId }))),
    ).toEqualTypeOf<Observable<string | number | null>>()
    const view$ = fansly$.pipe(scan((view: View, value) => uploadView(view, value, 0), waitingView))
    expectTypeOf(view$).toEqualTypeOf<Observable<View>>()
  })

  test('is UploadStatus if operators are composed without a source', () => {
    const polling$ = pipe(retryTransient(), repeatOnSchedule(), untilTerminal())
    expectTypeOf(fetchStatus$(account, upload).pipe(polling$)).toEqualTypeOf<Values>()
    const end$ = pipe(outcome(), orThrow())
    expectTypeOf(onlyfans$.pipe(end$)).toEqualTypeOf<Observable<TerminalStatus>>()
  })

  test("needs no overloads in a user's own source", () => {
    const written: UploadStatusSource = {
      uploadStatus$: (_, prefixed_id) =>
        of({ _tag: 'Right', right: { status: 'pending', prefixed_id } }),
      uploadStatuses$: () => NEVER,
    }
    const wrapped: UploadStatusSource = {
      ...written,
      uploadStatus$: (...given) => client.uploadStatus$(...given),
    }
    const sources: readonly UploadStatusSource[] = [
      written,
      wrapped,
      client,
      relayedSource(url),
      sourceOf(() => fansly$),
      sourceOf(() => onlyfans$),
    ]
    expect(sources).toHaveLength(6)
  })
})
