import { performance } from 'node:perf_hooks'
import { describe, expect, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { malformed, unavailable } from '../../src/failure/failure'
import { completed, ref } from '../answers'
import { whole } from '../http/rawServer'
import { wire } from '../http/wire'
import { follow } from './follow'
import { isRetried } from './laws'
import { row } from './row'

const json = JSON.stringify(completed)
const prefixed_id = ref.upload

row('200 with HTML', ({ fetch }) => {
  const page = '<!DOCTYPE html><title>Just a moment</title> Ray ID 8f2'

  describe.each([
    ['a page', page],
    ['a page after white space', `\r\n\t ${page}`],
    ['a page after a byte-order mark', `\uFEFF${page}`],
    ['XML', '<?xml version="1.0"?><error/>'],
  ])('%s', (_, body) => {
    isRetried(whole(200, body), unavailable(200, null, true), { fetch })

    test('is not quoted in values or events', async () => {
      const server = await wire(whole(200, body))
      const { ended, events } = follow(server.url, { fetch })
      expect(JSON.stringify([await ended, events])).not.toMatch(/DOCTYPE|moment|Ray|xml/)
    })
  })
})

row('a byte-order mark', ({ fetch }) => {
  test('is accepted', async () => {
    const server = await wire(whole(200, `\uFEFF${json}`))
    expect(await follow(server.url, { fetch }).ended).toEqual([right(completed)])
    expect(server.requests).toHaveLength(1)
  })
})

row('truncated JSON', ({ fetch }) => {
  describe.each([1, 10, json.length - 1])('after %d bytes', length => {
    isRetried(whole(200, json.slice(0, length)), malformed('notJson'), { fetch })
  })

  describe.each(['Service unavailable', '{"status":NaN}', "{'status':'completed'}", `${json}}`])(
    'not JSON at all: %s',
    body => {
      isRetried(whole(200, body), malformed('notJson'), { fetch })
    },
  )
})

row('JSON nested 100,000 deep', ({ fetch }) => {
  const deep = 100_000
  describe.each([
    ['lists', '['.repeat(deep) + ']'.repeat(deep)],
    ['records', '{"a":'.repeat(deep / 3) + '0' + '}'.repeat(deep / 3)],
    [
      'lists in a good answer',
      `{"status":"pending","prefixed_id":"${prefixed_id}","x":${'['.repeat(deep)}${']'.repeat(deep)}}`,
    ],
  ])('of %s', (_, body) => {
    isRetried(whole(200, body), malformed('tooDeep'), { fetch })

    test('never blocks the event loop for 5 s', async () => {
      const server = await wire(whole(200, body))
      let longest = 0
      let last = performance.now()
      const look = setInterval(() => {
        longest = Math.max(longest, performance.now() - last)
        last = performance.now()
      })
      await follow(server.url, { fetch }).ended
      clearInterval(look)
      expect(longest).toBeLessThan(5_000)
    })
  })
})

row('duplicate keys, __proto__, constructor', ({ fetch }) => {
  const before = Object.getOwnPropertyNames(Object.prototype)

  describe.each([
    ['a status within __proto__', `{"__proto__":${json}}`],
    [
      'members within __proto__',
      `{"status":"completed","prefixed_id":"${prefixed_id}","__proto__":{"media":{"id":7}}}`,
    ],
    [
      'a media id within __proto__',
      `{"status":"completed","prefixed_id":"${prefixed_id}","media":{"__proto__":{"id":7}}}`,
    ],
    ['a status named constructor', `{"status":"constructor","prefixed_id":"${prefixed_id}"}`],
    ['a status named __proto__', `{"status":"__proto__","prefixed_id":"${prefixed_id}"}`],
    [
      'an object with constructor as the status',
      `{"status":{"constructor":0},"prefixed_id":"${prefixed_id}"}`,
    ],
  ])('%s', (_, body) => {
    isRetried(whole(200, body), { _tag: 'Malformed', reason: 'shape' }, { fetch })
  })

  test('uses the last of duplicate keys, as JSON.parse does', async () => {
    const server = await wire(whole(200, `{"status":"pending","media":null,${json.slice(1)}`))
    expect(await follow(server.url, { fetch }).ended).toEqual([right(completed)])
  })

  test('changes no prototype', async () => {
    const evil = `${json.slice(0, -1)},"__proto__":{"evil":1},"constructor":{"prototype":{"evil":1}}}`
    const server = await wire(whole(200, evil))
    const [end] = await follow(server.url, { fetch }).ended
    expect(end).toEqual(right({ ...completed, constructor: { prototype: { evil: 1 } } }))
    expect(Reflect.get({}, 'evil')).toBeUndefined()
    // Copying the value does not change it either.
    expect(Reflect.get(Object.assign({}, end, end?._tag === 'Right' && end.right), 'evil')).toBe(
      undefined,
    )
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
  })
})

row('1e999 in place of a number', ({ fetch }) => {
  const problem = (path: string) => ({
    _tag: 'Malformed',
    reason: 'shape',
    status: 'completed',
    problems: expect.arrayContaining([{ path, expected: expect.stringContaining('number') }]),
  })

  describe.each([
    ['media.id', '"media":{"id":1e999}'],
    ['media.duration', '"media":{"id":7,"duration":-1e999}'],
    ['credits_used', '"media":{"id":7},"credits_used":1e999'],
  ])('%s', (path, member) => {
    const body = `{"status":"completed","prefixed_id":"${prefixed_id}",${member}}`
    isRetried(whole(200, body), problem(path), { fetch })
  })
})
