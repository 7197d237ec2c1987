import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { once } from 'node:events'
import { createUploadStatusQueue } from '../../../src/bullmq'
import { completed, failed, pending, processing, type Scenario } from '../../../src/sandbox'
import { startRedis, type RedisServer } from '../../bullmq/redisServer'
import { installTime } from '../../installedProgram'
import { openSandbox } from '../../sandbox/openSandbox'
import { until } from '../../until'
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
  test('is processed by one program and followed by another one, which needs no key', async () => {
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

  test('a line that begins with "-" stops following an upload; its watch continues', async () => {
    const account = 'acct_sandbox'
    const sandbox = await openSandbox()
    sandbox.script(account, [pending()], 'one')
    sandbox.script(account, [completed()], 'two')
    const worker = startProgram(
      ['work', '--redis', urlOf('hidden'), '--rate', '6000/min', '--base-url', sandbox.url],
      { env: { ONLYFANSAPI_API_KEY: sandbox.apiKey } },
    )
    const follower = startProgram(['watch', '--redis', urlOf('hidden'), '-'])
    let output = ''
    follower.stdout.on('data', piece => (output += String(piece)))
    const ended = endOf(follower)
    follower.stdin.write(`${account} one\n`)
    await until(() => output.includes('"pending"'))
    follower.stdin.end(`-${account}/one\n-${account}/three\n${account} two\n`)
    const { code, stdout, stderr } = await ended
    expect(code).toBe(0)
    expect(jsonLines(stdout)).toMatchObject([
      { upload: 'one', status: { status: 'pending' } },
      { account, upload: 'one', removed: true },
      { upload: 'two', status: { status: 'completed' } },
      { summary: { total: 1, pending: 0, completed: 1, settled: 1, removed: 1 } },
    ])
    expect(stderr).toBe(`rx-upload-status: ${account}/three is not watched: nothing was removed\n`)

    const queue = createUploadStatusQueue({ connection: { url: urlOf('hidden') } })
    expect(await queue.cancel({ account, upload: 'one' })()).toEqual(right(true))
    await queue.close()
    worker.kill('SIGTERM')
    expect(await endOf(worker)).toMatchObject({ code: 143 })
  })

  test('with a wrong password prints one line, without the password', async () => {
    const { code, stderr } = await runProgram([
      'watch',
      '--redis',
      urlOf('guessed'),
      'acct_sandbox',
      'ofapi_media_1',
    ])
    expect(code).toBe(69)
    expect(stderr).toMatch(
      /^rx-upload-status: refused \(WRONGPASS\): check user name and password.*\n$/,
    )
    expect(stderr).not.toContain('guessed')
  })

  test('that cannot be reached prints one line, for a worker too', async () => {
    const away = 'redis://:hidden@127.0.0.1:1'
    const watching = await runProgram(['watch', '--redis', away, 'acct_1', 'ofapi_media_1'])
    expect(watching.code).toBe(69)
    expect(watching.stderr).toBe(
      'rx-upload-status: Redis cannot be reached (ECONNREFUSED): start it, or check host and port; then call again\n',
    )
    const worker = startProgram(['work', '--redis', away], { env: { ONLYFANSAPI_API_KEY: 'key' } })
    const [line] = (await once(worker.stderr, 'data')) as [Buffer]
    expect(String(line)).toBe(
      'rx-upload-status work: Redis cannot be reached (ECONNREFUSED): start it, or check host and port; then call again\n',
    )
    worker.kill('SIGTERM')
    expect(await endOf(worker)).toMatchObject({ code: 143, stderr: '' })
  })
})
