import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as pass } from 'node:timers/promises'
import { laterFetch } from './fakeFetch'
import * as peers from './peers'
import { importTime } from './importTime'
import type { Figures } from './rounds'
import { printTables } from './table'

/**
 * The time from `subscribe` until each of many uploads has its first status, and the delay of the event
 * loop meanwhile. The delay is measured every 10 ms and includes them.
 */
const watches = 100_000

const measure = (peer: peers.Peer) => async (): Promise<Figures> => {
  const uploads = Array.from({ length: watches }, (_, i) => `ofapi_media_${String(i)}`)
  await pass(500)
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  await pass(50)
  const start = performance.now()
  const startCpu = process.cpuUsage()
  let polled = 0
  await new Promise<void>(resolve => {
    peer({
      baseUrl: 'http://localhost',
      uploads,
      every: 600_000,
      get: laterFetch,
      read: peers.checked,
      on: () => {
        polled += 1
        if (polled === watches) resolve()
      },
    })
  })
  const took = performance.now() - start
  const { user, system } = process.cpuUsage(startCpu)
  await pass(50)
  delay.disable()
  return {
    'wall, ms': took,
    'CPU, ms': (user + system) / 1_000,
    'p99 of the loop, ms': delay.percentile(99) / 1e6,
    'longest, ms': delay.max / 1e6,
  }
}

await printTables(3, 'uploadStatuses$', {
  [`Start of ${String(watches)} watches`]: {
    uploadStatuses$: measure(peers.ours({ fetch: laterFetch })),
    'bare loop': measure(peers.loop),
    'timer + switchMap + takeWhile': measure(peers.textbook),
    'defer + repeat': measure(peers.deferRepeat),
    'TanStack query-core': measure(peers.tanStack),
    '@smithy/util-waiter': measure(peers.smithy),
    '@azure/core-lro': measure(peers.azure),
  },
  Import: {
    uploadStatuses$: importTime(['rx-upload-status']),
    'rxjs and io-ts, which it loads': importTime(['rxjs', 'io-ts']),
    'its dependencies: also cross-fetch': importTime(['rxjs', 'io-ts', 'cross-fetch']),
    'and fp-ts': importTime(['rxjs', 'io-ts', 'cross-fetch', 'fp-ts']),
  },
})
