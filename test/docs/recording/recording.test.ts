import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { demoUploads } from '../../../src/cli/commands/demoUploads'
import { read } from '../samples'
import { forbiddenInPictures, unbalancedTags } from '../svg'
import { drawFilm } from './drawFilm'
import { framesOf } from './film'
import { createScreen } from './screen'

const textsOf = (output: string): readonly string[] => {
  const screen = createScreen()
  screen.write(output)
  return screen
    .lines()
    .map(runs => runs.map(({ column, text }) => `${String(column)}:${text}`).join(' '))
}

describe('the screen of a recording', () => {
  test('keeps columns and colours', () => {
    const screen = createScreen()
    screen.write('\u001B[32m✓ completed \u001B[39m  a.jpg\r\n')
    expect(screen.lines()).toEqual([
      [
        { column: 0, text: '✓ completed', style: 'green' },
        { column: 14, text: 'a.jpg', style: '' },
      ],
    ])
  })

  test('erases and moves the cursor like a terminal', () => {
    expect(textsOf('one\r\ntwo\r\n\u001B[2AONE\u001B[K')).toEqual(['0:ONE', '0:two'])
    expect(textsOf('one\r\ntwo\u001B[2K\u001B[1A\u001B[Gx')).toEqual(['0:xne', ''])
    expect(textsOf('one\r\ntwo\r\nthree\u001B[1A\r\u001B[J')).toEqual(['0:one'])
    expect(textsOf('\u001B[?25lone\u001B[2Btwo\u001B[?25h')).toEqual(['0:one', '', '3:two'])
  })

  test('rejects an unknown control sequence', () => {
    expect(() => textsOf('\u001B[5S')).toThrow('unknown')
  })
})

describe('the frames of a recording', () => {
  const update = (at: number, text: string): { readonly at: number; readonly text: string } => ({
    at,
    text: `\u001B[?2026h\r\u001B[2K${text}\u001B[?2026l`,
  })
  const shown = (chunks: Parameters<typeof framesOf>[0]): readonly unknown[] =>
    framesOf(chunks).map(({ at, lines }) => [at, lines[0]?.[0]?.text])

  test('are taken when a word changes, and at intervals when only numbers change', () => {
    const seconds = Array.from({ length: 10 }, (_, i) => update(i * 100, `waits ${String(i)}s`))
    const ends = [update(1_100, 'ends'), update(1_400, 'ended')]
    expect(shown([...seconds, ...ends])).toEqual([
      [0, 'waits 0s'],
      [800, 'waits 8s'],
      [1_100, 'ends'],
      [1_400, 'ended'],
    ])
  })

  test('omit a screen that is replaced immediately, and half of an update', () => {
    const [head = '', tail = ''] = update(0, 'the board').text.split(' ')
    expect(
      shown([
        { at: 0, text: head },
        { at: 100, text: ` ${tail}` },
        update(200, ''),
        update(210, 'end'),
      ]),
    ).toEqual([
      [100, 'the board'],
      [210, 'end'],
    ])
  })
})

describe('the picture of the board in the README', () => {
  const picture = read(join(__dirname, '../../../docs/board.svg'))

  test('is small and well-formed, and loads nothing', () => {
    expect(Buffer.byteLength(picture)).toBeLessThan(60_000)
    expect(unbalancedTags(picture)).toEqual([])
    expect(unbalancedTags('<svg><g></svg>')).toEqual(['/svg'])
    expect(picture).not.toMatch(forbiddenInPictures)
  })

  test('shows the current demo, and its last frame is the end', () => {
    for (const { fileName } of demoUploads) expect(picture).toContain(fileName)
    expect(picture).toContain('6 of 6 settled, 1 failed')
  })

  test('has light and dark colours, and respects prefers-reduced-motion', () => {
    expect(picture).toContain('prefers-color-scheme:dark')
    expect(picture).toContain('prefers-reduced-motion:reduce')
  })

  test('escapes text', () => {
    const lines = [[{ column: 0, text: 'a < b && c', style: '' }]]
    expect(drawFilm([{ at: 0, lines }], 20, '<t>')).toContain('a &lt; b &amp;&amp; c')
  })
})
