import {
  count,
  endWith,
  from,
  ignoreElements,
  lastValueFrom,
  mergeAll,
  takeUntil,
  timer,
} from 'rxjs'
import { request$ } from '../../src/http/request'
import { fetches } from '../fetches'

// Asks each server that it is given, by both fetches, to the end and only for a while. Then it must
// end by itself, although the servers stay open; an unhandled rejection ends it with another code.

const asking = process.argv.slice(2).flatMap(url =>
  fetches.flatMap(([, fetch]) => {
    const settings = { fetch, apiKey: () => 'key', headers: {}, attemptTimeout: 80 }
    const asked$ = request$(url, settings)
    return [asked$, asked$.pipe(takeUntil(timer(10)))]
  }),
)

const ended$ = from(asking.map(asked$ => asked$.pipe(ignoreElements(), endWith(null))))

void lastValueFrom(ended$.pipe(mergeAll(20), count())).then(ended => {
  console.log(`${String(ended)} ended`)
})
