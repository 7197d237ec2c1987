import { beforeAll, expect, test } from '@jest/globals'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { buildProgram, endOf, jsonLines, startProgram } from '../cli/program'
import { whole } from '../http/rawServer'
import { saying, statusServer, waitsOf } from './statusServer'
import { libfaketime, replacedDate, type MakeWallClock, type WallClock } from './wallClock'

beforeAll(buildProgram)

const hour = 3_600_000

if (libfaketime === null)
  console.warn(
    'libfaketime is NOT installed (Debian: apt-get install libfaketime).\n' +
      'The wall clock was set by replacing Date, NOT for the whole process.',
  )

/** A program with a watch, and its own wall clock that the test sets. */
interface World {
  readonly start: (url: string, args: readonly string[]) => ChildProcessWithoutNullStreams
  /** Sets the wall clock, and checks that it was set. */
  readonly set: (program: ChildProcessWithoutNullStreams) => Promise<void>
}

const worldOf = (clock: WallClock, jump: number): World => ({
  start: (url, args) =>
    startProgram(['watch', '--base-url', url, ...args], {
      env: { ...clock.env, ONLYFANSAPI_API_KEY: 'sk_test' },
    }),
  set: async program => {
    const ahead = (await clock.set(program)) - Date.now()
    expect(Math.abs(ahead - jump)).toBeLessThan(60_000)
  },
})

const clocks: readonly (readonly [string, MakeWallClock])[] = [
  ['replaced Date', replacedDate],
  ...(libfaketime === null ? [] : [['libfaketime', libfaketime] as const]),
]

/** All at the same time, as they mostly wait. */
const inEveryWorld = async (law: (world: World) => Promise<void>): Promise<void> => {
  const worlds = clocks.flatMap(([name, makeClock]) =>
    [hour, -hour].map(async jump => {
      try {
        await law(worldOf(await makeClock(jump), jump))
      } catch (cause) {
        throw new Error(`${name}, set by ${String(jump)} ms`, { cause })
      }
    }),
  )
  await Promise.all(worlds)
}

test('setting the wall clock does not change the time of a poll, a retry or a requested wait', async () => {
  await inEveryWorld(async world => {
    const server = await statusServer(async (upload, nth) => {
      switch (nth) {
        case 1:
          return saying(upload, 'pending')
        case 2:
          await world.set(program)
          return saying(upload, 'processing')
        case 3:
          // Dates are compared with the server's own clock.
          return whole(429, '{}', {
            date: 'Sun, 22 Nov 2026 10:00:00 GMT',
            'retry-after': 'Sun, 22 Nov 2026 10:00:02 GMT',
          })
        case 4:
          return whole(503, '{}', { 'retry-after': '1' })
        default:
          return saying(upload, 'completed')
      }
    })
    const program = world.start(server.url, ['acct_1', 'up_1'])
    expect((await endOf(program)).code).toBe(0)
    const waits = waitsOf(server.pollsOf('up_1'))
    expect(waits).toHaveLength(4)
    // A timer of Node may be a millisecond early, and is late on a busy machine.
    for (const [nth, least] of [900, 900, 2_000, 1_000].entries()) {
      expect(waits[nth]).toBeGreaterThan(0.99 * least)
      expect(waits[nth]).toBeLessThan(least + 15_000)
    }
  })
}, 60_000)

test('setting the wall clock changes neither the deadline nor the minute of a budget', async () => {
  await inEveryWorld(async world => {
    const server = await statusServer(async (upload, nth) => {
      if (nth === 1) await world.set(program)
      return saying(upload, 'pending')
    })
    const flags = ['--deadline', '5s', '--rate', '1/min']
    const program = world.start(server.url, [...flags, 'acct_1', 'up_1'])
    const { code, stdout } = await endOf(program)
    expect(code).toBe(2)
    // The last line is the summary.
    const end: unknown = jsonLines(stdout).at(-2)
    expect(end).toMatchObject({ failure: { _tag: 'Expired', after: 5_000, attempts: 1 } })
    const { elapsed } = (end as { readonly failure: { readonly elapsed: number } }).failure
    expect(elapsed).toBeGreaterThan(0.99 * 5_000)
    expect(elapsed).toBeLessThan(20_000)
    expect(server.pollsOf('up_1')).toHaveLength(1)
  })
}, 60_000)
