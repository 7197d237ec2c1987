import { expect, test } from '@jest/globals'
import { inTurns } from '../../src/bullmq/inTurns'

const rest = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

test('runs at most so many works at a time, in order', async () => {
  const inTurn = inTurns(2)
  const started: number[] = []
  const finish: Array<() => void> = []
  const works = [0, 1, 2, 3].map(nth =>
    inTurn(() => {
      started.push(nth)
      return new Promise(resolve => finish.push(resolve))
    }),
  )
  expect(started).toEqual([0, 1])
  finish[1]?.()
  await works[1]
  await rest()
  expect(started).toEqual([0, 1, 2])
  finish[0]?.()
  finish[2]?.()
  await rest()
  expect(started).toEqual([0, 1, 2, 3])
})

test('rejects only the work that failed, and runs the next', async () => {
  const inTurn = inTurns(1)
  const failed = inTurn(() => Promise.reject(new Error('no connection')))
  const next = inTurn(() => Promise.resolve())
  await expect(failed).rejects.toThrow('no connection')
  await expect(next).resolves.toBeUndefined()
})
