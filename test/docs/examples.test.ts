import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { installTime } from '../installedProgram'
import { startRedis, type RedisServer } from '../bullmq/redisServer'
import { runSample } from './runSample'
import { read } from './samples'

jest.setTimeout(60_000)

const folder = join(__dirname, '../../docs/examples')

let redis: RedisServer

beforeAll(async () => {
  redis = await startRedis()
}, installTime)

afterAll(async () => {
  await redis.remove()
})

/** The sorted output lines of each example, because uploads end in any order. */
const outputs: Readonly<Record<string, RegExp>> = {
  'client.mjs': /^2 requests\nlog: completed\nlog: processing\npage: completed\npage: processing$/,
  'handleErrors.mjs': /^Rejected: rejected with HTTP 401: .*\nskipped$/,
  'manyUploads.mjs':
    /^1 completed, 1 failed, 1 unknown\ncompleted\nfailed\nrejected with HTTP 404: .*$/,
  'metrics.mjs':
    /(?=[^]*name: 'upload_status.attempt.duration')(?=[^]*'upload_status.outcome': 'completed')(?=[^]*'error.type': 'Unavailable')(?=[^]*name: 'upload_status.watch')(?=[^]*'upload_status.budget.queue')/,
  // How many polls fall into a phase depends on how busy the machine is.
  'oneUpload.mjs': /^completed(\npending)?(\nprocessing)?$/,
  'ownPipeline.mjs': /^attempt failed: Unavailable\ncompleted\npending\nprocessing$/,
  'queue.mjs': /^3 added\nall 3 ended\nboard: 200, 200(\nsettled: completed){3}$/,
  'relayServer.mjs': /^completed\nprocessing$/,
  'webhook.mjs':
    // A machine that needs 2 s to start the watch sees only the end.
    /^AliveChanged\nDeliveryAccepted\ncompleted\npolls: [01](\nprocessing)?\nrefused: forged$/,
}

test('this test runs every example', () => {
  expect(readdirSync(folder).sort()).toEqual(Object.keys(outputs))
})

test.each(Object.entries(outputs))(
  'an example runs unchanged to its end: %s',
  async (file, lines) => {
    const env = { REDIS_URL: redis.url }
    const run = await runSample(read(join(folder, file)), 'src/platform/node.ts', env)
    expect(run.exit).toBe(0)
    const printed = (run.output + run.errors).trimEnd().split('\n')
    expect(printed.sort().join('\n')).toMatch(lines)
  },
)
