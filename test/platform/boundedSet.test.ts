import { expect, test } from '@jest/globals'
import { boundedSet } from '../../src/platform/boundedSet'

const texts = ['a', 'b', 'c', 'd']

const setOf = (most: number, ...added: readonly string[]) => {
  const set = boundedSet(most)
  for (const text of added) set.add(text)
  return { ...set, members: () => texts.filter(set.has) }
}

test('remembers what was added, until it is deleted', () => {
  const set = setOf(3, 'a', 'b')
  expect(set.members()).toEqual(['a', 'b'])
  set.delete('a')
  set.delete('c')
  expect(set.members()).toEqual(['b'])
})

test('forgets the text whose latest addition is the longest ago', () => {
  expect(setOf(2, 'a', 'b', 'c').members()).toEqual(['b', 'c'])
  expect(setOf(2, 'a', 'b', 'a', 'c').members()).toEqual(['a', 'c'])
})

test('forgets nothing while it is not full', () => {
  expect(setOf(3, 'a', 'b', 'c', 'c', 'a').members()).toEqual(['a', 'b', 'c'])
})
