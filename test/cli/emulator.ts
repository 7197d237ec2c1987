import { Terminal as Emulator } from '@xterm/headless'
import type { TerminalSize } from '../../src/cli/display/terminal'

/** What happens to a terminal: text is written to it, or its window gets another size. */
export type Happening = string | TerminalSize

/**
 * The lines of a terminal after all that happened to it, also those that have left its screen. Like
 * most terminals, it wraps its lines again when its window gets another size.
 */
export const linesAfter = async (
  { columns, rows }: TerminalSize,
  happenings: readonly Happening[],
): Promise<readonly string[]> => {
  const emulator = new Emulator({ cols: columns, rows, allowProposedApi: true })
  for (const happening of happenings) {
    if (typeof happening === 'string')
      await new Promise<void>(resolve => {
        emulator.write(happening, resolve)
      })
    else emulator.resize(happening.columns, happening.rows)
  }
  const { active } = emulator.buffer
  const lines = Array.from({ length: active.length }, (_, row) =>
    (active.getLine(row)?.translateToString(true) ?? '').trimEnd(),
  )
  return lines.slice(0, lines.findLastIndex(line => line !== '') + 1)
}
