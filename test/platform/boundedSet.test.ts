import { expect, test } from '@jest/globals'
import { boundedSet, boundedUrls } from '../../src/platform/boundedSet'

const texts = ['a', 'b', 'c', 'd']

const setOf = (most: number, ...added: readonly string[]) => {
  const set = boundedSet(most)
  for (const text of added) set.add(text)
  return { ...set, members: () => texts.filter(set.has) }
}

test('remembers a text until it is deleted', () => {
  const set = setOf(3, 'a', 'b')
  expect(set.members()).toEqual(['a', 'b'])
  set.delete('a')
  set.delete('c')
  expect(set.members()).toEqual(['b'])
})

test('evicts the oldest text when it is full', () => {
  expect(setOf(2, 'a', 'b', 'c').members()).toEqual(['b', 'c'])
  expect(setOf(2, 'a', 'b', 'a', 'c').members()).toEqual(['b', 'c'])
  expect(setOf(2, 'a', 'b', 'c', 'a', 'd').members()).toEqual(['a', 'd'])
})

test('evicts nothing while it is not full', () => {
  expect(setOf(3, 'a', 'b', 'c', 'c', 'a').members()).toEqual(['a', 'b', 'c'])
})

test('remembers the latest 1,000 URLs, without their queries', () => {
  const urls = boundedUrls()
  urls.add('https://a.example/live?ref=1')
  expect(urls.has('https://a.example/live?ref=2')).toBe(true)
  expect(urls.has('https://a.example/other')).toBe(false)
  for (let nth = 0; nth < 999; nth += 1) urls.add(`https://a.example/${String(nth)}`)
  expect(urls.has('https://a.example/live')).toBe(true)
  urls.delete('https://a.example/live?ref=3')
  expect(urls.has('https://a.example/live')).toBe(false)
  for (let nth = 999; nth < 1_002; nth += 1) urls.add(`https://a.example/${String(nth)}`)
  expect(urls.has('https://a.example/0')).toBe(false)
  expect(urls.has('https://a.example/2')).toBe(true)
})
