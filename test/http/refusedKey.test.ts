import { describe, expect, test } from '@jest/globals'
import { left, right, type Either } from 'fp-ts/Either'
import { defer, firstValueFrom, of } from 'rxjs'
import type { Answer } from '../../src/api/answer'
import type { Failure } from '../../src/failure/failure'
import { timedOut } from '../../src/failure/failure'
import type { ApiKey } from '../../src/http/apiKey'
import { withRefusedKey, type RefusedKey } from '../../src/http/refusedKey'
import { answerOf } from '../api/answerOf'

const refusal = answerOf({ status: 401 })
const answer = answerOf({ status: 200 })

interface World {
  readonly refusedKey: RefusedKey
  readonly request: () => Promise<Either<Failure, Answer>>
  now: number
  requests: number
}

/** A memory of refused keys, its clock, and the requests that were made. */
const open = (apiKey: ApiKey): World => {
  const { refusedKey } = withRefusedKey({ apiKey, clock: () => world.now })
  const request$ = defer(() => {
    world.requests += 1
    return of(right(answer))
  })
  const world: World = {
    refusedKey,
    request: () => firstValueFrom(refusedKey.unlessRefused$(request$)),
    now: 0,
    requests: 0,
  }
  return world
}

describe('a key that was refused', () => {
  test('is not sent again: the refusal is the answer', async () => {
    const world = open(() => 'key-1')
    expect(await world.refusedKey.recheck('key-1', refusal)).toEqual({ ...refusal, key: 'refused' })
    expect(await world.request()).toEqual(right({ ...refusal, key: 'refusedBefore' }))
    expect(world.requests).toBe(0)
  })

  test('is sent again after 30 s, and from then on', async () => {
    const world = open(() => 'key-1')
    await world.refusedKey.recheck('key-1', refusal)
    world.now = 29_999
    await world.request()
    expect(world.requests).toBe(0)
    world.now = 30_000
    expect(await world.request()).toEqual(right(answer))
    world.now = 0
    await world.request()
    expect(world.requests).toBe(2)
  })

  test('does not block another key', async () => {
    let key = 'key-1'
    const world = open(() => key)
    await world.refusedKey.recheck('key-1', refusal)
    key = 'key-2'
    expect(await world.request()).toEqual(right(answer))
  })

  test('is replaced if the function returns another key', async () => {
    const world = open(() => Promise.resolve('key-2'))
    expect(await world.refusedKey.recheck('key-1', refusal)).toEqual({ ...refusal, key: 'changed' })
    expect(await world.request()).toEqual(right(answer))
  })

  test('is not remembered while the function returns no key', async () => {
    const keys: (string | null)[] = [null]
    const world = open(() => keys.shift() ?? '')
    expect(await world.refusedKey.recheck('key-1', refusal)).toBe(refusal)
    expect(await world.request()).toEqual(right(answer))
  })
})

test('without a refusal the request is sent and the key is not read', async () => {
  let reads = 0
  const world = open(() => {
    reads += 1
    return 'key-1'
  })
  expect(await world.request()).toEqual(right(answer))
  expect(reads).toBe(0)
})

test('values and failures of the request are passed on', async () => {
  const { refusedKey } = open(() => 'key-1')
  const failed = left(timedOut('headers', 10))
  expect(await firstValueFrom(refusedKey.unlessRefused$(of(failed)))).toBe(failed)
})
