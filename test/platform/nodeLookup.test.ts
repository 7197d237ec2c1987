import dns, { type LookupOptions } from 'node:dns'
import { afterEach, expect, jest, test } from '@jest/globals'
import { sharedLookup } from '../../src/platform/nodeLookup'
import { failLookUps } from '../faults/lookUp'

const lookUp = (name: string, options: LookupOptions = {}): Promise<unknown> =>
  new Promise((resolve, reject) => {
    sharedLookup(name, options, (error, found) => {
      if (error === null) resolve(found)
      else reject(error)
    })
  })

const localhost = [{ address: '127.0.0.1', family: 4 }]
const everyAddress = { all: true, family: 4 }

afterEach(() => {
  jest.restoreAllMocks()
})

test('calls the system once for concurrent lookups of the same name', async () => {
  const system = jest.spyOn(dns, 'lookup')
  const found = await Promise.all(
    Array.from({ length: 3 }, () => lookUp('localhost', everyAddress)),
  )
  expect(found).toEqual([localhost, localhost, localhost])
  expect(system).toHaveBeenCalledTimes(1)
})

test('calls the system again after the answer', async () => {
  const system = jest.spyOn(dns, 'lookup')
  await lookUp('localhost', everyAddress)
  await lookUp('localhost', everyAddress)
  expect(system).toHaveBeenCalledTimes(2)
})

test('shares nothing between different names or options', async () => {
  const system = jest.spyOn(dns, 'lookup')
  const found = await Promise.all([
    lookUp('localhost', everyAddress),
    lookUp('localhost', { family: 4 }),
    lookUp('127.0.0.2', { family: 4 }),
  ])
  expect(found).toEqual([localhost, '127.0.0.1', '127.0.0.2'])
  expect(system).toHaveBeenCalledTimes(3)
})

test('fails for all waiting callers, and the next one tries again', async () => {
  failLookUps('EAI_AGAIN', 1)
  const lost = { status: 'rejected', reason: expect.objectContaining({ code: 'EAI_AGAIN' }) }
  const both = [lookUp('localhost', everyAddress), lookUp('localhost', everyAddress)]
  expect(await Promise.allSettled(both)).toEqual([lost, lost])
  expect(await lookUp('localhost', everyAddress)).toEqual(localhost)
})

test('that throws does not make the next one wait', async () => {
  jest.spyOn(dns, 'lookup').mockImplementationOnce(() => {
    throw new TypeError('no lookup')
  })
  await expect(lookUp('localhost', everyAddress)).rejects.toThrow('no lookup')
  expect(await lookUp('localhost', everyAddress)).toEqual(localhost)
})
