import { describe, expect, test } from '@jest/globals'
import { coloured, painter, plain } from '../../../src/cli/display/terminal'

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
    expect(painter(env, isTerminal)).toBe(expected ? coloured : plain)
  })

  test('surround a text that there is', () => {
    expect(coloured('red', 'failed')).toBe('\u001B[31mfailed\u001B[39m')
    expect(coloured('red', '')).toBe('')
    expect(plain('red', 'failed')).toBe('failed')
  })
})
