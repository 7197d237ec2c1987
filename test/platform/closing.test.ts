import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { FetchResponse } from '../../src/http/fetch'
import { withClosing, noteAnswer } from '../../src/platform/closing'

const headers = { accept: 'application/json' }
const closing = { ...headers, connection: 'close' }
const own = (status: number): FetchResponse => new Response('{}', { status })

let urls = 0
/** A URL without an earlier answer. */
const newUrl = (): string => `https://api.example/${String((urls += 1))}`

describe("a request by Node's own fetch", () => {
  test('keeps its connection if its URL has no earlier answer', () => {
    expect(withClosing(newUrl(), headers)).toBe(headers)
  })

  test.each([500, 503, 599])('closes its connection after a %d of the same URL', status => {
    const url = newUrl()
    noteAnswer(url, own(status))
    expect(withClosing(url, headers)).toEqual(closing)
    expect(withClosing(newUrl(), headers)).toBe(headers)
  })

  test.each([200, 404, 499])('keeps its connection again after a %d', status => {
    const url = newUrl()
    noteAnswer(url, own(503))
    noteAnswer(url, own(status))
    expect(withClosing(url, headers)).toBe(headers)
  })

  test('keeps its connection after a 5xx of another fetch', () => {
    const url = newUrl()
    const { status, headers: received } = own(503)
    noteAnswer(url, { status, headers: received, text: () => Promise.resolve('{}') })
    expect(withClosing(url, headers)).toBe(headers)
  })
})

const versions = Object.getOwnPropertyDescriptor(process, 'versions') ?? {}

describe.each(['electron', 'bun', 'deno'])('in %s', host => {
  beforeEach(() => {
    const value = { ...process.versions, [host]: '1.0.0' }
    Object.defineProperty(process, 'versions', { ...versions, value })
  })

  afterEach(() => {
    Object.defineProperty(process, 'versions', versions)
  })

  test('a request keeps its connection, because its fetch may refuse the header', () => {
    const url = newUrl()
    noteAnswer(url, own(503))
    expect(withClosing(url, headers)).toBe(headers)
  })
})
