import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { completed, failed, pending, processing, type Scenario } from '../../../src/sandbox'
import { startRedis, type RedisServer } from '../../bullmq/redisServer'
import { installTime } from '../../installedProgram'
import { openSandbox } from '../../sandbox/openSandbox'
import {
  buildProgram,
  endOf,
  jsonLines,
  runProgram,
  startProgram,
  withoutSummary,
} from '../program'

let redis: RedisServer

beforeAll(async () => {
  await buildProgram()
  redis = await startRedis('--requirepass', 'hidden')
}, installTime)

afterAll(() => redis.remove())

const urlOf = (password: string): string => redis.url.replace('//', `//:${password}@`)

describe('a queue in Redis', () => {
  test('is worked on by one program, and followed by another, which needs no key', async () => {
    const sandbox = await openSandbox()
    const scripts: readonly Scenario[] = [
      [pending(), processing(), completed()],
      [completed()],
      [failed()],
    ]
    const uploads = scripts.map(script => sandbox.script('acct_sandbox', script).upload)
    const worker = startProgram(
      ['work', '--redis', urlOf('hidden'), '--rate', '6000/min', '--base-url', sandbox.url],
      { env: { ONLYFANSAPI_API_KEY: sandbox.apiKey } },
    )
    const follower = await runProgram([
      'watch',
      '--redis',
      urlOf('hidden'),
      'acct_sandbox',
      ...uploads,
    ])
    expect(follower).toMatchObject({ code: 1, stderr: '' })
    const ends = withoutSummary(follower.stdout).map(line => JSON.stringify(line))
    for (const upload of uploads) expect(ends.join()).toContain(upload)

    // Both write the same lines.
    let lines = ''
    worker.stdout.on('data', (data: Buffer) => {
      lines += data.toString()
    })
    while (jsonLines(lines.slice(0, lines.lastIndexOf('\n') + 1)).length < uploads.length)
      await once(worker.stdout, 'data')
    worker.kill('SIGTERM')
    const { stderr } = worker
    let errors = ''
    stderr.on('data', (data: Buffer) => {
      errors += data.toString()
    })
    const [code] = (await once(worker, 'exit')) as [number | null]
    expect([code, errors]).toEqual([143, ''])
    for (const line of jsonLines(lines)) expect(ends).toContain(JSON.stringify(line))
  })

  test('whose password is wrong is one line that does not show it', async () => {
    const { code, stderr } = await runProgram([
      'watch',
      '--redis',
      urlOf('guessed'),
      'acct_sandbox',
      'ofapi_media_1',
    ])
    expect(code).toBe(69)
    expect(stderr).toMatch(/watch: refused \(WRONGPASS\): check user name and password/)
    expect(stderr).not.toContain('guessed')
  })

  test('that is away is one line, for a worker too', async () => {
    const away = 'redis://:hidden@127.0.0.1:1'
    const watching = await runProgram(['watch', '--redis', away, 'acct_1', 'ofapi_media_1'])
    expect(watching.code).toBe(69)
    expect(watching.stderr).toContain('watch: Redis cannot be reached (ECONNREFUSED)')
    const worker = startProgram(['work', '--redis', away], { env: { ONLYFANSAPI_API_KEY: 'key' } })
    const [line] = (await once(worker.stderr, 'data')) as [Buffer]
    expect(String(line)).toBe(
      'rx-upload-status work: Redis cannot be reached (ECONNREFUSED): start it, or check host and port; then call again\n',
    )
    worker.kill('SIGTERM')
    expect(await endOf(worker)).toMatchObject({ code: 143, stderr: '' })
  })
})
