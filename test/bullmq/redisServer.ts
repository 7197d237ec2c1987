import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** What decides where Redis comes from. */
export interface Machine {
  /** What `REDIS_SERVER_PATH` says, or undefined. */
  readonly chosen: string | undefined
  readonly isProgram: (path: string) => boolean
  /** Whether packages can be installed without a question: as root, by apt-get. */
  readonly mayInstall: boolean
  readonly install: () => Promise<void>
}

const usualPlaces = [
  '/usr/bin/redis-server',
  '/usr/local/bin/redis-server',
  '/opt/homebrew/bin/redis-server',
  '/usr/bin/valkey-server',
]

const advice =
  'install Redis (`apt-get install redis-server`), or set REDIS_SERVER_PATH to a redis-server'

/**
 * The program of Redis: the one that was chosen, one at the usual places, or one that is installed
 * now. Rejects with a sentence that says what to do; the tests are never skipped.
 */
export const findRedis = async (machine: Machine): Promise<string> => {
  const { chosen, isProgram, mayInstall, install } = machine
  if (chosen !== undefined && chosen !== '') {
    if (isProgram(chosen)) return chosen
    throw new Error(`REDIS_SERVER_PATH names no program: ${chosen}; ${advice}`)
  }
  const there = usualPlaces.find(isProgram)
  if (there !== undefined) return there
  if (!mayInstall) throw new Error(`the tests of the queue found no Redis: ${advice}`)
  try {
    await install()
  } catch (cause) {
    throw new Error(`Redis could not be installed by apt-get: ${advice}`, { cause })
  }
  const installed = usualPlaces.find(isProgram)
  if (installed !== undefined) return installed
  throw new Error(`apt-get installed no Redis at a usual place: ${advice}`)
}

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

// Jest runs files at once, and apt-get refuses to run twice. No service starts after the install.
const underLock = `
  test -x /usr/bin/redis-server && exit
  apt-get update -qq
  RUNLEVEL=1 exec apt-get install -qq -y --no-install-recommends redis-server
`

const install = async (): Promise<void> => {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const lock = '/tmp/rx-upload-status-redis.lock'
  await promisify(execFile)('flock', [lock, 'sh', '-c', underLock], { env })
}

/** This machine. */
const thisMachine: Machine = {
  chosen: process.env['REDIS_SERVER_PATH'],
  isProgram,
  mayInstall: process.getuid?.() === 0 && isProgram('/usr/bin/apt-get'),
  install,
}

/** A Redis of a test: on a free loopback port, with its data in a temporary folder. */
export interface RedisServer {
  readonly url: string
  readonly port: number
  /** Ends the process at once, as a crash does. */
  readonly kill: () => Promise<void>
  /** Starts it again on the same port, with the same data. */
  readonly start: () => Promise<void>
  /** Ends the process and removes its data. */
  readonly remove: () => Promise<void>
}

const freePort = async (): Promise<number> => {
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
      // `NOAUTH` is an answer too; while it loads its data it says `LOADING`.
      resolve(!data.toString().startsWith('-LOADING'))
    })
    socket.write('PING\r\n')
  })

/** Starts Redis with persistence; `settings` are more words of its command line. */
export const startRedis = async (...settings: readonly string[]): Promise<RedisServer> => {
  const program = await findRedis(thisMachine)
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
