import { describe, expect, test } from '@jest/globals'
import { PassThrough } from 'node:stream'
import { isLive, sizeOf } from '../../src/cli/screen'

const screen = (members: object): PassThrough => Object.assign(new PassThrough(), members)

describe('a screen', () => {
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
  ])('that says %j has the size %j', (members, size) => {
    expect(sizeOf(screen(members))).toEqual(size)
  })

  test.each([
    [{ isTTY: true }, {}, true],
    [{ isTTY: true }, { TERM: 'dumb' }, false],
    [{}, { TERM: 'xterm' }, false],
  ])('that says %j in %j is live: %s', (members, env, expected) => {
    expect(isLive(screen(members), env)).toBe(expected)
  })
})
