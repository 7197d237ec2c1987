import {
  endWith,
  ignoreElements,
  last,
  merge,
  mergeMap,
  share,
  takeUntil,
  tap,
  timer,
  type Observable,
} from 'rxjs'
import {
  createUploadStatusClient,
  type UploadStatus,
  type UploadStatusClient,
} from 'rx-upload-status'
import { pick } from './draw'
import { visit$, type Visit } from './visit'
import { leavingOf, optionsOf, restless$, type Round } from './visitOptions'
import { alone, calm, following, relayed } from './watchings'
import { account, deadline } from './world'

/** Milliseconds in which visitors arrive. */
const arrival = 1_500

/** Milliseconds that a watch may end after its deadline. */
const patience = 3_000

/** Hides pages and shows them again, and pushes statuses of running and of unknown uploads. */
const unrest$ = ({ draw, uploads, world }: Round): Observable<never> =>
  merge(
    restless$(700).pipe(
      tap(isShown => {
        world.activity$.next(isShown)
      }),
    ),
    timer(100, 100).pipe(
      tap(nth => {
        const upload = uploads[Math.floor(draw(`pushed ${String(nth)}`) * uploads.length)] ?? ''
        const status: UploadStatus = pick<UploadStatus>(draw, `pushed status ${String(nth)}`, [
          { status: 'processing', prefixed_id: upload },
          { status: 'pending', prefixed_id: upload },
          { status: 'failed', prefixed_id: 'nobody', error: 'x' },
        ])
        world.push$.next({ account, upload: status.prefixed_id, status })
      }),
    ),
  ).pipe(ignoreElements())

/**
 * Visitors arrive at random moments, watch uploads in a random way, and leave at random moments or stay
 * to the end. Emits how each watch ended; completes when all have left.
 */
export const visitors$ = (count: number, round: Round): Observable<string> => {
  const { draw, heard, number, report, world } = round
  const clientOf = (name: string): UploadStatusClient =>
    createUploadStatusClient(optionsOf(round, `client-${String(number)}-${name}`, false))
  const clients = [...world.clients, clientOf('a'), clientOf('b'), clientOf('c')] as const

  const visitOf = (nth: number): Visit => {
    const who = `visitor-${String(number)}-${String(nth)}`
    const kind = pick(draw, `${who} kind`, ['alone', 'client', 'relayed', 'calm'])
    const watchings = {
      alone: () => alone(round, who),
      client: () => following(round, who, pick(draw, `${who} client`, clients)),
      relayed: () => relayed(round, who),
      calm: () => calm(round, who),
    }
    const watching = watchings[kind]()
    return {
      who: `${kind} ${who}`,
      ...watching,
      leaving: leavingOf(draw, who),
      throws: draw(`${who} throws`) < 0.05,
      mustSucceed: kind === 'calm',
      longest: deadline + (watching.overtime ?? 0) + patience,
    }
  }

  const went$ = merge(
    ...Array.from({ length: count }, (_, nth) => {
      const visit = visitOf(nth)
      return timer(arrival * draw(`${visit.who} comes`)).pipe(
        mergeMap(() =>
          visit$(
            { ...visit, watch$: (on, named) => visit.watch$(on, named).pipe(tap(heard)) },
            report,
          ),
        ),
      )
    }),
  ).pipe(share())
  const over$ = went$.pipe(ignoreElements(), endWith('over'), last())
  return merge(went$, unrest$(round).pipe(takeUntil(over$)))
}
