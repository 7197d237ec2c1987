import { describe, expect, test } from '@jest/globals'
import type { Machine } from '../installedProgram'
import { findRedis } from './redisServer'

const bare: Machine = {
  chosen: undefined,
  isProgram: () => false,
  mayInstall: false,
  install: () => Promise.resolve(),
}

describe('findRedis', () => {
  test('returns the chosen program, or throws if it does not exist', async () => {
    const machine = { ...bare, chosen: '/opt/redis', isProgram: () => true }
    expect(await findRedis(machine)).toBe('/opt/redis')
    await expect(findRedis({ ...bare, chosen: '/opt/redis' })).rejects.toThrow(
      /REDIS_SERVER_PATH names no program: \/opt\/redis; install Redis/,
    )
  })

  test('finds a program at a usual path', async () => {
    const isProgram = (path: string): boolean => path === '/usr/bin/redis-server'
    expect(await findRedis({ ...bare, isProgram })).toBe('/usr/bin/redis-server')
  })

  test('installs Redis if that is allowed', async () => {
    let installed = false
    const machine: Machine = {
      ...bare,
      mayInstall: true,
      isProgram: () => installed,
      install: () => {
        installed = true
        return Promise.resolve()
      },
    }
    expect(await findRedis(machine)).toBe('/usr/bin/redis-server')
  })

  test.each<[string, Machine, RegExp]>([
    ['nothing may be installed', bare, /found no Redis: install Redis/],
    [
      'apt-get fails',
      { ...bare, mayInstall: true, install: () => Promise.reject(new Error('no network')) },
      /could not be installed by apt-get: install Redis/,
    ],
    ['apt-get installs no Redis', { ...bare, mayInstall: true }, /at a usual place: install Redis/],
  ])('throws an error that says what to install if %s', async (_, machine, sentence) => {
    await expect(findRedis(machine)).rejects.toThrow(sentence)
  })
})
