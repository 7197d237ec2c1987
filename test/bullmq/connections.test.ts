import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { left, right } from 'fp-ts/Either'
import {
  createUploadStatusQueue,
  createUploadStatusWorker,
  describeQueueFailure,
  type UploadStatusQueueOptions,
} from '../../src/bullmq'
import { queueFailureOf } from '../../src/bullmq/queueFailure'
import { installTime } from '../installedProgram'
import { freePort, startRedis, type RedisServer } from './redisServer'
import { refOf } from './world'

let folder: string
let redis: RedisServer
let client: Redis

const user = 'us@er'
const password = 'p@ss:w/o%rd#?'

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'redis-tls-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
  execFileSync(
    'openssl',
    ['req', '-x509', ...curve, '-nodes', '-keyout', key, '-out', cert, '-days', '2', ...names],
    { stdio: 'ignore' },
  )
  redis = await startRedis(
    '--unixsocket',
    join(folder, 'redis.sock'),
    '--bind',
    '127.0.0.1',
    '-::1',
  )
  client = new Redis(redis.url)
  await client.acl('SETUSER', user, 'on', `>${password}`, '~*', '+@all')
}, installTime)

afterAll(async () => {
  await client.quit()
  await redis.remove()
  rmSync(folder, { recursive: true })
})

/** Adds an upload through a connection. Returns the result. */
const add = async (connection: UploadStatusQueueOptions['connection'], name: string) => {
  const queue = createUploadStatusQueue({ connection, name: `${name}-${randomUUID()}` })
  const result = await queue.watch([refOf('one')])()
  await queue.close()
  return result
}

const added = right({ added: 1, known: 0 })

describe('a queue connects', () => {
  test('with special characters in user name and password, to a numbered database', async () => {
    const credentials = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`
    const url = redis.url.replace('//', `//${credentials}@`)
    expect(await add({ url: `${url}/3` }, 'user')).toEqual(added)
    expect(await client.keys('bull:user-*')).toEqual([])
    await client.select(3)
    expect(await client.keys('bull:user-*')).not.toEqual([])
    await client.select(0)
  })

  test('over IPv6 and over a Unix socket', async () => {
    expect(await add({ url: `redis://[::1]:${String(redis.port)}` }, 'ipv6')).toEqual(added)
    expect(await add({ path: join(folder, 'redis.sock') }, 'socket')).toEqual(added)
  })

  test('over TLS with the CA of its certificate, and fails without it', async () => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    await client.config('SET', 'tls-cert-file', cert, 'tls-key-file', key)
    await client.config('SET', 'tls-auth-clients', 'no')
    const port = String(await freePort())
    await client.config('SET', 'tls-port', port)
    const url = `rediss://127.0.0.1:${port}`
    expect(await add({ url, tls: { ca: readFileSync(cert) } }, 'tls')).toEqual(added)
    const failure = { _tag: 'Refused', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } as const
    expect(await add({ url }, 'untrusted')).toEqual(left(failure))
    expect(describeQueueFailure(failure)).toMatch(/is not trusted: .* `tls: /)
  })
})

describe('a failed call advises what to do', () => {
  test.each([
    ['out of memory', ['maxmemory', '1'], ['maxmemory', '0'], 'Refused', 'OOM', /raise maxmemory/],
    [
      'without its replicas',
      ['min-replicas-to-write', '1'],
      ['min-replicas-to-write', '0'],
      'Unavailable',
      'NOREPLICAS',
      /call again/,
    ],
  ] as const)('if Redis is %s', async (name, [option, value], [, before], _tag, code, advice) => {
    await client.config('SET', option, value)
    const result = await add({ url: redis.url }, name)
    await client.config('SET', option, before)
    expect(result).toEqual(left({ _tag, code }))
    expect(describeQueueFailure({ _tag, code })).toMatch(advice)
  })

  test('if the user lacks a permission or the database does not exist', async () => {
    await client.acl('SETUSER', 'few', 'on', '>few', '~other', '+@read', '+info')
    const url = redis.url.replace('//', '//few:few@')
    expect(await add({ url }, 'few')).toEqual(left({ _tag: 'Refused', code: 'NOPERM' }))
    const database = left({ _tag: 'Refused', code: 'DB' })
    expect(await add({ url: `${redis.url}/99` }, 'database')).toEqual(database)
    expect(describeQueueFailure({ _tag: 'Refused', code: 'DB' })).toMatch(/no database/)
  })

  test('if the user may run scripts, but lacks a right or a key that a script needs', async () => {
    const scripts = ['+@scripting', '+@connection', '+@transaction', '+@read', '+info']
    for (const [user, rights] of [
      ['reader', ['~*', ...scripts]],
      ['neighbour', ['~bull:*:meta', ...scripts, '+@write']],
    ] as const) {
      await client.acl('SETUSER', user, 'on', '>few', ...rights)
      const url = redis.url.replace('//', `//${user}:few@`)
      expect(await add({ url }, user)).toEqual(left({ _tag: 'Refused', code: 'NOPERM' }))
    }
  })

  test.each([
    ['-NOPERM this user has no permissions to run this command', 'NOPERM'],
    ["-OOM command not allowed when used memory > 'maxmemory'.", 'OOM'],
  ])('if a script of Redis 6 fails with %j', (error, code) => {
    const message = `ERR Error running script (call to f_1a): @user_script:57: @user_script: 57: ${error}`
    expect(queueFailureOf(new Error(message))).toEqual({ _tag: 'Refused', code })
  })

  test('when Redis has no TLS, or has it, or has no connection left', async () => {
    const tls = redis.url.replace('redis:', 'rediss:')
    const connection = { url: tls, connectTimeout: 500 }
    const silent = await add(connection, 'no-tls')
    expect(silent).toEqual(left({ _tag: 'Unavailable', code: 'ETIMEDOUT' }))
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    await client.config('SET', 'tls-cert-file', cert, 'tls-key-file', key)
    const port = await freePort()
    await client.config('SET', 'tls-port', String(port))
    const plain = await add({ port }, 'plain')
    await client.config('SET', 'tls-port', '0')
    const { url: full, ...other } = await startRedis('--maxclients', '1')
    const taken = new Redis(full)
    await taken.ping()
    const refused = await add({ url: full }, 'full')
    await taken.quit()
    await other.remove()
    const advice = [silent, plain, refused].map(result =>
      result._tag === 'Left' ? describeQueueFailure(result.left) : '',
    )
    expect(advice).toEqual([
      expect.stringMatching(/use redis:\/\/ if it has no TLS/),
      expect.stringMatching(/use rediss:\/\/ if it has TLS/),
      expect.stringMatching(/raise `maxclients`/),
    ])
  })

  test.each(['LOADING Redis is loading the dataset in memory', 'BUSY Redis is busy', '-LOADING x'])(
    'with Unavailable for %j',
    message => {
      expect(queueFailureOf(new Error(message))).toMatchObject({ _tag: 'Unavailable' })
    },
  )

  test.each([`redis://us:pa/ss@127.0.0.1`, 'redis://us:100%@127.0.0.1', 'redis://us:pa#ss@'])(
    'before it connects for the invalid URL %s, which it never quotes',
    url => {
      const create = () => createUploadStatusQueue({ connection: { url } })
      expect(create).toThrow(
        new TypeError(
          'connection.url must be a URL: encode user name and password with encodeURIComponent',
        ),
      )
    },
  )
  const clientOf = (options: RedisOptions): Redis => new Redis({ lazyConnect: true, ...options })
  const noKeyPrefix = 'connection must have no keyPrefix; use the option prefix'
  const onlyAscii = 'prefix must have no spaces and only ASCII characters'

  test.each<[string, UploadStatusQueueOptions, string]>([
    ['a keyPrefix', { connection: { url: 'redis://[::1]', keyPrefix: 'app:' } }, noKeyPrefix],
    ['a client with a keyPrefix', { connection: clientOf({ keyPrefix: 'app:' }) }, noKeyPrefix],
    ['a space in the prefix', { connection: {}, prefix: 'my app' }, onlyAscii],
    ['a letter beyond ASCII in the prefix', { connection: {}, prefix: 'é' }, onlyAscii],
  ])('before it connects for %s', (_, options, message) => {
    const error = new TypeError(message)
    expect(() => createUploadStatusQueue(options)).toThrow(error)
    expect(() => createUploadStatusWorker({ ...options, perMinute: 60 })).toThrow(error)
  })

  test.each([
    ['a client', clientOf({})],
    [
      'a client of a cluster',
      new Cluster([], { lazyConnect: true, redisOptions: { maxRetriesPerRequest: 20 } }),
    ],
  ])(
    'before it connects for %s that does not wait for Redis, if it is a worker',
    (_, connection) => {
      expect(() => createUploadStatusWorker({ connection, perMinute: 60 })).toThrow(
        new TypeError('connection must be a client with maxRetriesPerRequest: null'),
      )
    },
  )
})
