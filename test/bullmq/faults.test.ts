import { beforeAll, describe, expect, jest, test } from '@jest/globals'
import { installTime } from '../installedProgram'
import { mostIn, runFaults } from './faultRun'
import { buildWorker } from './workerProcess'

jest.setTimeout(installTime)

beforeAll(buildWorker)

const uploads = Array.from({ length: 30 }, (_, nth) => `upload_${String(nth)}`)

describe('no upload is lost', () => {
  test('and the limit is kept while workers and Redis are killed', async () => {
    const perMinute = 1_200
    const { reported, followed, whileDown, arrivals } = await runFaults({
      uploads: uploads.length,
      polls: 4,
      perMinute,
      workers: 2,
      kills: ['worker', 'redis', 'worker'],
      between: 10,
    })

    expect(reported.filter(({ end }) => end !== 'completed')).toEqual([])
    expect([...new Set(reported.map(({ upload }) => upload))].sort()).toEqual([...uploads].sort())
    expect(new Set(reported.map(({ id }) => id)).size).toBe(uploads.length)
    expect([...followed].sort()).toEqual([...uploads].sort())
    expect(whileDown).toMatchObject([{ left: { _tag: 'Unavailable' } }])
    // At most the limit, plus the requests that a delay of a second on a busy machine adds.
    expect(mostIn(arrivals, 5_000)).toBeLessThanOrEqual(((5_000 + 1_000) * perMinute) / 60_000 + 1)
  })
})
