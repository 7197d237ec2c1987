import {
  defer,
  from,
  map,
  mergeMap,
  tap,
  timer,
  zip,
  type Observable,
  type ObservableInput,
} from 'rxjs'
import {
  uploadOutcome,
  uploadStatus$,
  uploadStatuses$,
  type TrackedStatus,
  type UploadRef,
  type UploadStatusSource,
  type WatchEvent,
} from 'rx-upload-status'
import {
  relayedUploadStatus$,
  relayedUploadStatuses$,
  type RelayedOptions,
} from 'rx-upload-status/relay/client'
import { pick, type Draw } from './draw'
import { fateOf } from './fate'
import type { Visit } from './visit'
import { abortedAfter$, hiddenAtDeadline$, hiddenFor, optionsOf, type Round } from './visitOptions'
import { account, attemptTimeout, ownFetch, relayedPace } from './world'

/** The uploads of a visitor, and how they are watched. */
export interface Watching extends Pick<Visit, 'uploads' | 'watch$' | 'isAlone'> {
  /** Milliseconds that it may continue after the deadline. */
  readonly overtime?: number
}

type On = (event: WatchEvent) => void

/** Milliseconds in which a stream receives its uploads. */
const naming = 500

const refOf = (upload: string): UploadRef => ({ account, upload })

const tracked =
  (upload: string) =>
  (watch$: Observable<TrackedStatus['status']>): Observable<TrackedStatus> =>
    watch$.pipe(map(status => ({ account, upload, status })))

/** Calls both, even if the first throws. */
const both =
  (first: On | undefined, second: On): On =>
  event => {
    try {
      first?.(event)
    } finally {
      second(event)
    }
  }

/** Ways to pass references. */
const inputOf = (
  draw: Draw,
  who: string,
  uploads: readonly string[],
  named: () => void,
): ObservableInput<UploadRef> => {
  const refs = uploads.map(refOf)
  return pick<ObservableInput<UploadRef>>(draw, `${who} input`, [
    refs,
    // Some occur twice; each is watched once.
    [...refs, ...refs.slice(0, 3)],
    zip(from(refs), timer(0, naming / refs.length)).pipe(
      map(([ref]) => ref),
      tap(named),
    ),
    timer(naming * draw(`${who} input later`)).pipe(
      mergeMap(() => refs),
      tap(named),
    ),
  ])
}

const one = ({ draw }: Round, who: string, uploads: readonly string[]): string =>
  uploads[Math.floor(draw(`${who} upload`) * uploads.length)] ?? ''

const several = ({ draw, uploads }: Round, who: string): readonly string[] => {
  const first = Math.floor(draw(`${who} first`) * uploads.length)
  return uploads.slice(first, first + 1 + Math.floor(30 * draw(`${who} several`)))
}

/** Follows uploads of a shared source. */
export const following = (round: Round, who: string, source: UploadStatusSource): Watching => {
  if (round.draw(`${who} follows several`) < 0.15) {
    const uploads = several(round, who)
    return {
      uploads,
      isAlone: false,
      watch$: (on, named) =>
        source.uploadStatuses$(inputOf(round.draw, who, uploads, named), { on }),
    }
  }
  const upload = one(round, who, round.uploads)
  return {
    uploads: [upload],
    isAlone: false,
    watch$: on => source.uploadStatus$(account, upload, { on }).pipe(tracked(upload)),
  }
}

/** Watches that are not shared. */
export const alone = (round: Round, who: string): Watching => {
  const { draw } = round
  const options = optionsOf(round, who, false)
  const upload = one(round, who, round.uploads)
  const uploads = several(round, who)
  const watchOptions = (on: On) => ({ ...options, on: both(options.on, on) })
  return pick<Watching>(draw, `${who} alone`, [
    {
      uploads: [upload],
      isAlone: true,
      watch$: on => uploadStatus$(account, upload, watchOptions(on)).pipe(tracked(upload)),
    },
    {
      uploads: [upload],
      isAlone: true,
      watch$: on =>
        abortedAfter$(1_500 * draw(`${who} abort`), signal =>
          uploadStatus$(account, upload, { ...watchOptions(on), signal }),
        ).pipe(tracked(upload)),
    },
    {
      uploads: [upload],
      isAlone: true,
      // On return one poll follows; its first key may be refused.
      overtime: 2 * (hiddenFor + attemptTimeout),
      watch$: on =>
        uploadStatus$(account, upload, {
          ...watchOptions(on),
          activity$: hiddenAtDeadline$(),
        }).pipe(tracked(upload)),
    },
    {
      uploads: [upload],
      isAlone: false,
      // A promise does not notice that its subscriber has left; the signal ends it.
      watch$: () =>
        abortedAfter$(10_000 * draw(`${who} abort`), signal =>
          defer(uploadOutcome(account, upload, { ...options, signal })),
        ).pipe(tracked(upload)),
    },
    {
      uploads,
      isAlone: true,
      watch$: (on, named) => uploadStatuses$(inputOf(draw, who, uploads, named), watchOptions(on)),
    },
  ])
}

/** Reads from the relay, through the proxy. */
export const relayed = (round: Round, who: string): Watching => {
  const { draw, world } = round
  const [upload, uploads] = [one(round, who, round.uploads), several(round, who)]
  const options: RelayedOptions = {
    ...relayedPace,
    fetch: pick(draw, `${who} fetch`, [undefined, ownFetch]),
  }
  return pick<Watching>(draw, `${who} relayed`, [
    {
      uploads: [upload],
      isAlone: true,
      watch$: on =>
        relayedUploadStatus$(world.relayUrl, account, upload, { ...options, on }).pipe(
          tracked(upload),
        ),
    },
    {
      uploads,
      isAlone: true,
      watch$: (on, named) =>
        relayedUploadStatuses$(world.relayUrl, inputOf(draw, who, uploads, named), {
          ...options,
          on,
        }),
    },
    following(round, who, pick(draw, `${who} source`, world.sources)),
    following(round, who, pick(draw, `${who} source`, world.sources)),
  ])
}

/** Watches without faults. */
export const calm = (round: Round, who: string): Watching => {
  const upload = one(
    round,
    who,
    round.uploads.filter(each => fateOf(each)?.isCalm === true),
  )
  const options = optionsOf(round, who, true)
  return pick<Watching>(round.draw, `${who} calm`, [
    {
      uploads: [upload],
      isAlone: true,
      watch$: on =>
        uploadStatus$(account, upload, { ...options, on: both(options.on, on) }).pipe(
          tracked(upload),
        ),
    },
    {
      uploads: [upload],
      isAlone: false,
      watch$: on =>
        round.world.calmClient.uploadStatus$(account, upload, { on }).pipe(tracked(upload)),
    },
  ])
}
