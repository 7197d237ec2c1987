import { describe, expect, test } from '@jest/globals'
import { canaries, sightings } from './canary'

class Private {
  readonly #key: string
  constructor(key: string) {
    this.#key = key
  }
  say(): string {
    return this.#key
  }
}

describe.each(canaries)('the canary %s', key => {
  test.each<[string, unknown]>([
    ['as text', key],
    ['in the midst of text', `no such key: ${key}.`],
    ['in small letters', key.toLowerCase()],
    ['cut off', key.slice(0, -8)],
    ['without its beginning', key.slice(-20)],
    ['in a URL', `https://x.example/?key=${encodeURIComponent(key)}`],
    ['in JSON within JSON', { error: JSON.stringify({ key }) }],
    ['deep down', { a: [{ b: { c: { d: { e: { f: { g: [key] } } } } } }] }],
    ['as the name of a member', { [key]: 1 }],
    ['as the name of a symbol', { [Symbol(key)]: 1 }],
    ['where nothing is enumerable', Object.defineProperty({}, 'key', { value: key })],
    ['in a map', new Map([[key, 1]])],
    ['in the text of an error', new Error(key)],
    ['in the cause of an error', new Error('x', { cause: new Error(key) })],
    ['in a member of an error', Object.assign(new Error('x'), { headers: { key } })],
    ['in a stack alone', Object.assign(new Error('x'), { stack: `at ${key}` })],
    ['in a long text', `${'x'.repeat(200_000)}${key}`],
    ['on a function', Object.assign(() => undefined, { key })],
    ['where it goes in a circle', Object.assign([key] as unknown[], { self: [] }).concat([[key]])],
  ])('is found %s', (_, thing) => {
    expect(sightings(thing)).not.toEqual([])
  })

  test('is not found where it is not, or cannot be reached', () => {
    expect(sightings({ error: 'no such key: [key]', list: [1, null, undefined] })).toEqual([])
    expect(sightings(() => key)).toEqual([])
    expect(new Private(key).say()).toBe(key)
    expect(sightings(new Private(key))).toEqual([])
  })
})
