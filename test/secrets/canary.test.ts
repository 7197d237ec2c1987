import { describe, expect, test } from '@jest/globals'
import { canaries, sightings } from './canary'

class Private {
  readonly #key: string
  constructor(key: string) {
    this.#key = key
  }
  reveal(): string {
    return this.#key
  }
}

describe.each(canaries)('the canary %s', key => {
  test.each<[string, unknown]>([
    ['in a string', key],
    ['within a string', `no such key: ${key}.`],
    ['in lower case', key.toLowerCase()],
    ['without its end', key.slice(0, -8)],
    ['without its beginning', key.slice(-20)],
    ['in a URL', `https://x.example/?key=${encodeURIComponent(key)}`],
    ['in JSON within JSON', { error: JSON.stringify({ key }) }],
    ['in a deeply nested member', { a: [{ b: { c: { d: { e: { f: { g: [key] } } } } } }] }],
    ['as the name of a member', { [key]: 1 }],
    ['as the name of a symbol', { [Symbol(key)]: 1 }],
    ['in a member that is not enumerable', Object.defineProperty({}, 'key', { value: key })],
    ['in a map', new Map([[key, 1]])],
    ['in the message of an error', new Error(key)],
    ['in the cause of an error', new Error('x', { cause: new Error(key) })],
    ['in a member of an error', Object.assign(new Error('x'), { headers: { key } })],
    ['only in the stack of an error', Object.assign(new Error('x'), { stack: `at ${key}` })],
    ['in a long string', `${'x'.repeat(200_000)}${key}`],
    ['on a function', Object.assign(() => undefined, { key })],
    [
      'in a list with a circular reference',
      Object.assign([key] as unknown[], { self: [] }).concat([[key]]),
    ],
  ])('is found %s', (_, thing) => {
    expect(sightings(thing)).not.toEqual([])
  })

  test('is not found if it is absent or cannot be read', () => {
    expect(sightings({ error: 'no such key: [key]', list: [1, null, undefined] })).toEqual([])
    expect(sightings(() => key)).toEqual([])
    expect(new Private(key).reveal()).toBe(key)
    expect(sightings(new Private(key))).toEqual([])
  })
})
