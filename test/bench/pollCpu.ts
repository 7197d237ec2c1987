import { setTimeout as pass } from 'node:timers/promises'
import type { FakeFetch } from './fakeFetch'
import { checked, type Peer } from './peers'
import type { Figures } from './rounds'

/** The CPU time of one poll, with many watches in one process and no network. */
export const pollCpu =
  (watches: number, make: (fetch: FakeFetch) => Peer, fetch: FakeFetch, read = checked) =>
  async (): Promise<Figures> => {
    // 5,000 polls a second.
    const every = watches / 5
    let polls = 0
    const counted: FakeFetch = url => {
      polls += 1
      return fetch(url)
    }
    const uploads = Array.from({ length: watches }, (_, i) => `ofapi_media_${String(i)}`)
    make(counted)({ baseUrl: 'http://localhost', uploads, every, get: counted, read, on: () => {} })
    const until = async (count: number): Promise<void> => {
      while (polls < count) await pass(100)
    }
    await until(watches)
    const before = polls
    const start = process.cpuUsage()
    await until(before + Math.max(watches, 30_000))
    const { user, system } = process.cpuUsage(start)
    return { 'µs a poll': (user + system) / (polls - before) }
  }
