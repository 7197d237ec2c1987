import { fasterTime } from './fasterTime'
import { run } from './run'
import type { Settings } from './settings'

/** Receives settings once, and posts what happens. The page ends a run by ending the worker. */
addEventListener(
  'message',
  ({ data }: MessageEvent<Settings>) => {
    fasterTime(globalThis, data.speed)
    run(data, news => {
      postMessage(news)
    })
  },
  { once: true },
)
