import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram, thisMachine, type Machine, type Program } from '../installedProgram'

const redis: Program = {
  name: 'Redis',
  variable: 'REDIS_SERVER_PATH',
  usualPlaces: [
    '/usr/bin/redis-server',
    '/usr/local/bin/redis-server',
    '/opt/homebrew/bin/redis-server',
    '/usr/bin/valkey-server',
  ],
  missing: 'the tests of the queue found no Redis',
  advice:
    'install Redis (`apt-get install redis-server`), or set REDIS_SERVER_PATH to a redis-server',
}

/** Returns the path of Redis. Installs it if necessary. */
export const findRedis = (machine: Machine = thisMachine(redis, 'redis-server')): Promise<string> =>
  findProgram(redis, machine)

/** A Redis for a test, on a free loopback port, with its data in a temporary folder. */
export interface RedisServer {
  readonly url: string
  readonly port: number
  /** Ends the process immediately, like a crash. */
  readonly kill: () => Promise<void>
  /** Starts it again on the same port, with the same data. */
  readonly start: () => Promise<void>
  /** Ends the process and removes its data. */
  readonly remove: () => Promise<void>
}

/** Returns a free loopback port. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const answers = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => {
      resolve(false)
    })
    socket.once('data', data => {
      socket.destroy()
      // `NOAUTH` is an answer, too. Redis answers `LOADING` while it loads its data.
      resolve(!data.toString().startsWith('-LOADING'))
    })
    socket.write('PING\r\n')
  })

/** Starts Redis with persistence. `settings` are further arguments of its command line. */
export const startRedis = async (...settings: readonly string[]): Promise<RedisServer> => {
  const program = await findRedis()
  const folder = await mkdtemp(join(tmpdir(), 'redis-'))
  const port = await freePort()
  let child: ChildProcess | null = null

  const start = async (): Promise<void> => {
    const fixed = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', '']
    const log = ['--appendonly', 'yes', '--appendfsync', 'always']
    child = spawn(program, [...fixed, ...log, ...settings], { stdio: 'ignore' })
    while (!(await answers(port))) if (child.exitCode !== null) throw new Error('Redis ended')
  }

  const kill = async (): Promise<void> => {
    const running = child
    if (running === null) return
    child = null
    const ended = once(running, 'exit')
    running.kill('SIGKILL')
    await ended
  }

  await start()
  return {
    url: `redis://127.0.0.1:${String(port)}`,
    port,
    kill,
    start,
    remove: async () => {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
