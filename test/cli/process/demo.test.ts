import { beforeAll, describe, expect, test } from '@jest/globals'
import { stripVTControlCharacters } from 'node:util'
import { demoUploads, expectedFailure } from '../../../src/cli/commands/demoUploads'
import { buildProgram, runProgram, type Run, type Surroundings } from '../program'

interface TimedRun extends Run {
  readonly seconds: number
}

const timed = async (surroundings: Surroundings): Promise<TimedRun> => {
  const started = performance.now()
  const run = await runProgram(['demo'], surroundings)
  return { ...run, seconds: (performance.now() - started) / 1_000 }
}

let runs: readonly TimedRun[] = []
beforeAll(async () => {
  await buildProgram()
  runs = await Promise.all([timed({ terminal: { columns: 100, rows: 30 } }), timed({})])
}, 40_000)

describe.each([
  ['on a terminal', 0],
  ['elsewhere', 1],
])('the demo %s', (_, which) => {
  test('ends with 0 in about 15 seconds, although one upload fails on purpose', () => {
    expect(runs[which]).toMatchObject({ code: 0, stderr: '' })
    expect(runs[which]?.seconds).toBeGreaterThan(8)
    expect(runs[which]?.seconds).toBeLessThan(20)
  })

  test('shows every upload until it ends, and explains what happened', () => {
    const output = stripVTControlCharacters(runs[which]?.stdout ?? '')
    const [course = '', summary = ''] = output.split('What happened:')
    for (const { fileName, story } of demoUploads) {
      const end = fileName === expectedFailure ? 'failed' : 'completed'
      expect(course).toMatch(new RegExp(`${end} +${fileName}`))
      expect(summary).toContain(`${fileName}: ${end} after `)
      expect(summary).toContain(story)
    }
    expect(summary).toMatch(/bad-gateway\.mp4: .* 2 of them retries\./)
    expect(summary).toMatch(/cut-short\.gif: .* 1 of them a retry\./)
    expect(summary).toMatch(/too-many\.mp3: .* 1 of them a retry\./)
    expect(summary).toMatch(/^Requests: 6 to start .*, \d+ to watch them, 4 of these retries\.$/m)
    expect(summary).toMatch(/^Next, run this .*\n\n {2}npx rx-upload-status sandbox\n$/m)
  })
})
