import { describe, expect, test } from '@jest/globals'
import { PassThrough } from 'node:stream'
import {
  canRedraw,
  coloured,
  drained$,
  plain,
  selectPaint,
  terminalSize,
} from '../../../src/cli/display/terminal'

describe('colours', () => {
  test.each<[string, NodeJS.ProcessEnv, boolean, boolean]>([
    ['are used on a terminal', {}, true, true],
    ['are not used elsewhere', {}, false, false],
    ['are not used with NO_COLOR', { NO_COLOR: '1' }, true, false],
    ['are used with an empty NO_COLOR', { NO_COLOR: '' }, true, true],
    ['are used with FORCE_COLOR', { FORCE_COLOR: '1' }, false, true],
    ['are used with FORCE_COLOR and NO_COLOR', { FORCE_COLOR: '1', NO_COLOR: '1' }, true, true],
    ['are not used with FORCE_COLOR=0', { FORCE_COLOR: '0' }, true, false],
    ['are not used with FORCE_COLOR=false', { FORCE_COLOR: 'false' }, true, false],
  ])('%s', (_, env, isTerminal, expected) => {
    expect(selectPaint(env, isTerminal)).toBe(expected ? coloured : plain)
  })

  test('surround a text, unless it is empty', () => {
    expect(coloured('red', 'failed')).toBe('\u001B[31mfailed\u001B[39m')
    expect(coloured('red', '')).toBe('')
    expect(plain('red', 'failed')).toBe('failed')
  })
})

const terminal = (members: object): PassThrough => Object.assign(new PassThrough(), members)

describe('a terminal', () => {
  test.each([
    [
      { columns: 120, rows: 50 },
      { columns: 120, rows: 50 },
    ],
    [
      { columns: 0, rows: 0 },
      { columns: 80, rows: 24 },
    ],
    [{}, { columns: 80, rows: 24 }],
  ])('that reports %j has the size %j', (members, size) => {
    expect(terminalSize(terminal(members))).toEqual(size)
  })

  test.each([
    [{ isTTY: true }, {}, true],
    [{ isTTY: true }, { TERM: 'dumb' }, false],
    [{}, { TERM: 'xterm' }, false],
    [{ isTTY: true }, { CI: 'true' }, false],
    [{ isTTY: true }, { CI: 'false' }, true],
  ])('that reports %j in %j can redraw: %s', (members, env, expected) => {
    expect(canRedraw(terminal(members), env)).toBe(expected)
  })
})

/** A stream that is full after its first character. */
const fullStream = (): PassThrough => {
  const output = new PassThrough({ highWaterMark: 1 })
  output.write('a')
  output.write('b')
  return output
}

describe('a drained output', () => {
  test('is reported immediately while it accepts more', () => {
    let isDrained = false
    drained$(new PassThrough()).subscribe({ complete: () => (isDrained = true) })
    expect(isDrained).toBe(true)
  })

  test('is reported to all subscribers by one listener', async () => {
    const output = fullStream()
    const whenDrained$ = drained$(output)
    const before = output.listenerCount('drain')
    let waiting = 100
    const allDrained = new Promise<void>(resolve => {
      for (let n = 0; n < 100; n += 1)
        whenDrained$.subscribe({
          complete: () => {
            waiting -= 1
            if (waiting === 0) resolve()
          },
        })
    })
    expect(waiting).toBe(100)
    expect(output.listenerCount('drain')).toBe(before + 1)
    output.resume()
    await allDrained
    expect(output.listenerCount('drain')).toBe(before)
  })

  test('is not waited for after unsubscribe', () => {
    const output = fullStream()
    const before = output.listenerCount('drain')
    drained$(output).subscribe().unsubscribe()
    expect(output.listenerCount('drain')).toBe(before)
  })
})
