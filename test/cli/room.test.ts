import { describe, expect, test } from '@jest/globals'
import { PassThrough } from 'node:stream'
import { roomIn$ } from '../../src/cli/room'

/** A stream that is full after its first character. */
const fullStream = (): PassThrough => {
  const output = new PassThrough({ highWaterMark: 1 })
  output.write('a')
  output.write('b')
  return output
}

describe('the room in a stream', () => {
  test('is there at once as long as it takes more', () => {
    let isThere = false
    roomIn$(new PassThrough()).subscribe({ complete: () => (isThere = true) })
    expect(isThere).toBe(true)
  })

  test('is there for all who wait, on one listener, when the stream has drained', async () => {
    const output = fullStream()
    const room$ = roomIn$(output)
    const before = output.listenerCount('drain')
    let waiting = 100
    const there = new Promise<void>(resolve => {
      for (let n = 0; n < 100; n += 1)
        room$.subscribe({
          complete: () => {
            waiting -= 1
            if (waiting === 0) resolve()
          },
        })
    })
    expect(waiting).toBe(100)
    expect(output.listenerCount('drain')).toBe(before + 1)
    output.resume()
    await there
    expect(output.listenerCount('drain')).toBe(before)
  })

  test('is waited for no more by those who leave', () => {
    const output = fullStream()
    const before = output.listenerCount('drain')
    roomIn$(output).subscribe().unsubscribe()
    expect(output.listenerCount('drain')).toBe(before)
  })
})
