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

// Sends requests to each given server with both fetches, once to the end and once aborted. Then it
// must exit by itself although the servers stay open. An unhandled rejection changes its exit code.

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
