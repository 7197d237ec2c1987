import { expect, test } from '@jest/globals'
import { refMap } from '../../../src/watch/bulk/refMap'

const one = { account: 'acct_1', upload: 'u1' }
const other = { account: 'acct_1', upload: 'u2' }
const elsewhere = { account: 'acct_2', upload: 'u1' }

test('an item is found by its account and upload', () => {
  const map = refMap<string>()
  expect([map.get(one), map.list()]).toEqual([undefined, []])
  for (const [ref, item] of [
    [one, 'a'],
    [other, 'b'],
    [elsewhere, 'c'],
  ] as const)
    map.set(ref, item)
  expect([one, other, elsewhere].map(map.get)).toEqual(['a', 'b', 'c'])
  expect(map.get({ account: 'acct_2', upload: 'u2' })).toBeUndefined()
  expect(map.list()).toEqual(['a', 'b', 'c'])
})

test('removing an item leaves the others', () => {
  const map = refMap<string>()
  for (const ref of [one, other, elsewhere]) map.set(ref, 'a')
  map.remove(one, 'a')
  expect([one, other, elsewhere].map(map.get)).toEqual([undefined, 'a', 'a'])
  map.remove(elsewhere, 'a')
  map.remove(elsewhere, 'a')
  expect([one, other, elsewhere].map(map.get)).toEqual([undefined, 'a', undefined])
})

test('an item that was replaced is not removed', () => {
  const map = refMap<string>()
  map.set(one, 'a')
  map.set(one, 'b')
  map.remove(one, 'a')
  expect(map.list()).toEqual(['b'])
})

test('a list does not change when the map does', () => {
  const map = refMap<string>()
  map.set(one, 'a')
  const before = map.list()
  map.remove(one, 'a')
  expect([before, map.list()]).toEqual([['a'], []])
})
