import { fork } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { isRight } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { median, quantile } from './statistics'
import { printRows } from './table'

/** The readers that stall, and the uploads of each reader, which end one after the other. */
const still = 200
const uploads = 50

const Address = t.type({ port: t.number })
const Cost = t.type({ polls: t.number, memory: t.number })

/** Starts a relay in its own process. */
const startRelay = async (size: string) => {
  const child = fork(join(process.argv[1] ?? '', '../relayProgram.mjs'), [size], {
    execArgv: ['--expose-gc'],
  })
  const said = async <A>(codec: t.Type<A>): Promise<A> => {
    const message: readonly unknown[] = await once(child, 'message')
    const decoded = codec.decode(message[0])
    if (isRight(decoded)) return decoded.right
    throw new Error('the relay said something else')
  }
  const { port } = await said(Address)
  return {
    port,
    cost: () => {
      child.send('what does it cost?')
      return said(Cost)
    },
    stop: () => {
      child.disconnect()
    },
  }
}

/** The uploads, and when they end: the first after this many ms, the others 250 ms apart. */
const plan = (first: number): readonly number[] =>
  Array.from({ length: uploads }, (_, i) => Date.now() + first + i * 250)

const pathOf = (ends: readonly number[]): string =>
  `/?${ends.map((end, i) => `ref=acct_1/ofapi_media_${String(end)}_${String(i)}`).join('&')}`

/** Reads a stream to its end, and returns how late each end of an upload arrived, in ms. */
const read = (port: number, path: string): Promise<readonly number[]> =>
  new Promise((resolve, reject) => {
    const late: number[] = []
    get({ host: '127.0.0.1', port, path, agent: false }, response => {
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        const now = Date.now()
        for (const [, answered] of text.matchAll(/"media":\{"id":(\d+)/g))
          late.push(now - Number(answered))
      })
      response.on('end', () => {
        resolve(late)
      })
    }).on('error', reject)
  })

const kilobytes = (bytes: number): string => (bytes / 1_024).toFixed(1)

const many = async (readers: number): Promise<void> => {
  const relay = await startRelay('small')
  const before = await relay.cost()
  const startedAt = Date.now()
  const ends = plan(15_000)
  const path = pathOf(ends)
  const reading = Promise.all(Array.from({ length: readers }, () => read(relay.port, path)))
  await wait(7_000)
  const early = await relay.cost()
  await wait(6_000)
  const late = await relay.cost()
  const lateness = (await reading).flat()
  const after = await relay.cost()
  relay.stop()
  const alone = ends.reduce((sum, end) => sum + Math.ceil((end - startedAt) / 1_000) + 1, 0)
  printRows(`${readers.toLocaleString('en')} readers of ${String(uploads)} uploads on one relay`, [
    ['requests upstream', String(after.polls)],
    ['  one client alone would make, at most', String(alone)],
    ['memory a reader, KiB', kilobytes((early.memory - before.memory) / readers)],
    ['  more 6 s later, KiB', kilobytes((late.memory - early.memory) / readers)],
    ['ends told', String(lateness.length)],
    ['from the answer upstream to the event, median, ms', median(lateness).toFixed(0)],
    ['  99th of 100, ms', quantile(lateness, 0.99).toFixed(0)],
  ])
}

/** Readers that open a stream of the largest possible events and read nothing. */
const standingStill = async (): Promise<void> => {
  const relay = await startRelay('large')
  const before = await relay.cost()
  const path = pathOf(plan(3_000))
  const sockets = await Promise.all(
    Array.from({ length: still }, async () => {
      const socket = connect(relay.port, '127.0.0.1')
      socket.pause()
      await once(socket, 'connect')
      socket.write(`GET ${path} HTTP/1.1\r\nHost: relay\r\n\r\n`)
      return socket
    }),
  )
  await wait(18_000)
  const after = await relay.cost()
  for (const socket of sockets) socket.destroy()
  relay.stop()
  printRows(`${String(still)} readers that read nothing, of events of 16 kB`, [
    ['memory a reader, KiB', kilobytes((after.memory - before.memory) / still)],
  ])
}

await many(100)
await many(1_000)
await standingStill()
