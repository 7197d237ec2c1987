import { expect, test } from '@jest/globals'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { census, lastingResidue, residue } from './residue'

const { signal } = new AbortController()

test('a socket, a timer and listeners that are left are found', async () => {
  const before = census(signal)
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const timer = setTimeout(() => undefined, 60_000)
  const hear = (): void => undefined
  signal.addEventListener('abort', hear)
  process.on('beforeExit', hear)
  const left = residue(before, census(signal))
  signal.removeEventListener('abort', hear)
  process.off('beforeExit', hear)
  clearTimeout(timer)
  server.close()
  expect([...left].sort()).toEqual([
    '1 TCPServerWrap',
    '1 Timeout',
    '1 listener of beforeExit',
    '1 listener of the signal',
  ])
})

test('a timer that ends in time is not reported', async () => {
  const before = census(signal)
  setTimeout(() => undefined, 100)
  expect(residue(before, census(signal))).toEqual(['1 Timeout'])
  expect(await lastingResidue(before, signal)).toEqual([])
})
