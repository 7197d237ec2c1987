import { mergeMap, Subject } from 'rxjs'

/** Runs asynchronous work when its turn comes. Resolves or rejects as the work does. */
export type InTurns = (work: () => Promise<void>) => Promise<void>

/** Runs at most this many works at a time, in order. */
export const inTurns = (most: number): InTurns => {
  const works$ = new Subject<() => Promise<void>>()
  works$.pipe(mergeMap(work => work(), most)).subscribe()
  return work =>
    new Promise((resolve, reject) => {
      works$.next(() => work().then(resolve, reject))
    })
}
