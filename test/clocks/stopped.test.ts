import { beforeAll, describe, expect, test } from '@jest/globals'
import { setTimeout } from 'node:timers/promises'
import { buildProgram, endOf, jsonLines, startProgram, type Run } from '../cli/program'
import { whole } from '../http/rawServer'
import { saying, statusServer, waitsOf, type Poll } from './statusServer'

/** Milliseconds. Longer than the 5 s of delay by which a watch detects a sleep. */
const stop = 7_000

const many = Array.from({ length: 40 }, (_, nth) => `up_${String(nth)}`)
const few = ['short_1', 'short_2']

/** Two programs that were stopped at the same time, and their server. */
interface Story {
  readonly patient: Run
  readonly hasty: Run
  readonly pollsOf: (upload: string) => readonly Poll[]
  readonly stoppedAt: number
  readonly wokenAt: number
}

const play = async (): Promise<Story> => {
  let isAwake = false
  const server = await statusServer((upload, nth) =>
    upload === 'put_off' && nth === 1
      ? whole(503, '{}', { 'retry-after': '12' })
      : saying(upload, isAwake ? 'completed' : 'pending'),
  )
  const start = (args: readonly string[]) =>
    startProgram(['watch', '--base-url', server.url, ...args], {
      env: { ONLYFANSAPI_API_KEY: 'sk_test' },
    })
  const patient = start(['--rate', '6000/min', 'acct_1', ...many, 'put_off'])
  const hasty = start(['--deadline', '6s', 'acct_1', ...few])
  try {
    await server.until(() => [...many, ...few].every(upload => server.pollsOf(upload).length >= 2))
    // Like Ctrl-Z and `fg` in a shell.
    for (const program of [patient, hasty]) program.kill('SIGSTOP')
    const stoppedAt = performance.now()
    await setTimeout(stop)
    isAwake = true
    const wokenAt = performance.now()
    for (const program of [patient, hasty]) program.kill('SIGCONT')
    const [ofPatient, ofHasty] = await Promise.all([endOf(patient), endOf(hasty)])
    return { patient: ofPatient, hasty: ofHasty, pollsOf: server.pollsOf, stoppedAt, wokenAt }
  } finally {
    patient.kill('SIGKILL')
    hasty.kill('SIGKILL')
  }
}

describe('a process that is stopped and continued', () => {
  let story: Story

  beforeAll(async () => {
    await buildProgram()
    story = await play()
  }, 60_000)

  test('sends nothing while it is stopped', () => {
    const asked = [...many, ...few, 'put_off'].flatMap(upload =>
      story.pollsOf(upload).map(({ askedAt }) => askedAt),
    )
    // Requests in flight have half a second to arrive.
    const meanwhile = asked.filter(at => at > story.stoppedAt + 500 && at < story.wokenAt)
    expect(meanwhile).toEqual([])
  })

  test('watches every upload to its terminal status', () => {
    expect(story.patient.code).toBe(0)
    const lines = jsonLines(story.patient.stdout)
    for (const upload of [...many, 'put_off'])
      expect(lines).toContainEqual(
        expect.objectContaining({
          upload,
          status: expect.objectContaining({ status: 'completed' }),
        }),
      )
  })

  test('spreads the overdue polls over 5 s', () => {
    const delays = many.flatMap(upload => {
      const polls = story.pollsOf(upload).filter(({ askedAt }) => askedAt > story.wokenAt)
      return polls.slice(0, 1).map(({ askedAt }) => askedAt - story.wokenAt)
    })
    expect(delays).toHaveLength(many.length)
    // One in 125 ms. In a burst, all would be in the first half second.
    expect(delays.filter(delay => delay < 500).length).toBeLessThan(many.length / 2)
    expect(Math.max(...delays)).toBeGreaterThan(2_500)
    expect(Math.max(...delays)).toBeLessThan(20_000)
  })

  test('sends no poll early', () => {
    for (const upload of many) {
      const polls = story.pollsOf(upload)
      for (const [nth, wait] of waitsOf(polls).entries()) {
        // A fifth of the age of the upload, at least a second, less up to 10 % of jitter.
        const age = (polls[nth]?.answeredAt ?? NaN) - (polls[0]?.askedAt ?? NaN)
        expect(wait).toBeGreaterThan(0.99 * 0.9 * Math.max(1_000, 0.2 * age))
      }
    }
  })

  test('keeps a requested wait that ends after the stop', () => {
    const [wait] = waitsOf(story.pollsOf('put_off'))
    expect(wait).toBeGreaterThan(12_000)
  })

  test('counts the stop towards the deadline, and then ends without a request', () => {
    expect(story.hasty.code).toBe(2)
    const lines = jsonLines(story.hasty.stdout)
    const failure = { _tag: 'Expired', after: 6_000, lastStatus: 'pending' }
    for (const upload of few) {
      expect(lines).toContainEqual(
        expect.objectContaining({ upload, failure: expect.objectContaining(failure) }),
      )
      expect(story.pollsOf(upload).filter(({ askedAt }) => askedAt > story.wokenAt)).toEqual([])
    }
  })
})
