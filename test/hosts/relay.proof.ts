import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  jest,
  test,
} from '@jest/globals'
import { name, version } from '../../package.json'
import { createConsumer, succeed, type Consumer } from '../package/consumer'
import { until } from '../until'
import { addressOf, relayHosts, relayProgram } from './relayHosts'
import { openStatusServer, type StatusServer } from './statusServer'

/**
 * The contract of a relay's host, on hosts that are not development dependencies, with the tarball of
 * `npm pack` in an empty folder. `test/relay/hosts.test.ts` tests the other hosts.
 */
jest.setTimeout(600_000)

let consumer: Consumer
let hosts: string
let server: StatusServer
let program: ChildProcess | undefined

beforeAll(async () => {
  consumer = await createConsumer()
  const { folder, install } = consumer
  await succeed(process.cwd(), 'npm', ['pack', '--pack-destination', folder])
  await install(join(folder, `${name}-${version}.tgz`))
  hosts = (await succeed(process.cwd(), process.execPath, ['.ci/relayHosts.js'])).trim()
  server = await openStatusServer()
})

afterEach(async () => {
  if (program?.exitCode === null && program.kill('SIGKILL')) await once(program, 'exit')
})

afterAll(async () => {
  await server.close()
  await consumer.remove()
})

describe.each(Object.entries(relayHosts))('under %s', (_, host) => {
  let said = ''
  let port = 0

  beforeEach(async () => {
    await consumer.write({ 'serve.mjs': relayProgram(host, hosts) })
    const [command, ...flags] = {
      node: [process.execPath] as const,
      bun: [join(hosts, 'node_modules/.bin/bun')] as const,
      deno: [join(hosts, 'node_modules/.bin/deno'), 'run', '--allow-all'] as const,
    }[host.runs]
    const child = spawn(command, [...flags, 'serve.mjs', server.url], {
      cwd: consumer.folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    program = child
    said = ''
    child.stdout.on('data', (piece: Buffer) => {
      said += piece.toString()
    })
    await until(() => /port: \d+/.test(said))
    port = Number(/port: (\d+)/.exec(said)?.[1])
  })

  test('a watch completes, a bad request is refused, and a reader that leaves is noticed', async () => {
    const whole = await fetch(addressOf(port, '?ref=acct_1/plain'))
    expect(whole.headers.get('content-type')).toBe('text/event-stream')
    expect(await whole.text()).toMatch(/"completed"/)
    await until(() => said.includes('ended 0'))

    const refused = await fetch(addressOf(port))
    expect(refused.status).toBe(400)
    await refused.text()

    const leaving = new AbortController()
    await fetch(addressOf(port, '?ref=acct_1/silent'), { signal: leaving.signal })
    leaving.abort()
    await until(() => said.includes('left 0'))
  })

  test('pipelined requests, then a reset, leave no stream', async () => {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    const { pathname, search } = new URL(addressOf(port, '?ref=acct_1/silent'))
    socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: relay.example\r\n\r\n`.repeat(9))
    await until(() => said.includes('opened'))
    socket.resetAndDestroy()
    await until(() => said.trim().endsWith('left 0'))
  })
})
