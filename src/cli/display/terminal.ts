import type { Writable } from 'node:stream'
import * as util from 'node:util'
import { defer, EMPTY, fromEvent, ignoreElements, share, take, type Observable } from 'rxjs'

/** A stream that may be a terminal. */
export interface Terminal extends NodeJS.WritableStream {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

/** The size of a terminal, in characters. */
export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

/** The current size of a terminal; 80 by 24 if it is unknown (some terminals report 0). */
export const terminalSize = ({ columns, rows }: Terminal): TerminalSize => ({
  columns: columns || 80,
  rows: rows || 24,
})

/** Whether lines can be redrawn, and a person looks at them: not in a log of `CI`. */
export const canRedraw = ({ isTTY }: Terminal, { TERM, CI = '' }: NodeJS.ProcessEnv): boolean =>
  isTTY === true && TERM !== 'dumb' && ['', '0', 'false'].includes(CI)

/** Applies a style to a text, or returns the text unchanged. */
export type Paint = (style: 'green' | 'red' | 'yellow' | 'cyan' | 'dim', text: string) => string

/** Paints nothing. */
export const plain: Paint = (_, text) => text

/** Paints with ANSI colours. Node 20.0 to 20.11 has no `styleText`; there the text stays plain. */
export const coloured: Paint = (style, text) =>
  text === '' || !('styleText' in util)
    ? text
    : util.styleText(style, text, { validateStream: false })

/**
 * Chooses whether to use colours. `FORCE_COLOR` wins, then `NO_COLOR`; otherwise terminals have
 * colours.
 *
 * @see https://no-color.org and https://force-color.org
 */
export const selectPaint = (env: NodeJS.ProcessEnv, isTerminal: boolean): Paint => {
  const { FORCE_COLOR: force = '', NO_COLOR: no = '' } = env
  if (force !== '') return force === '0' || force === 'false' ? plain : coloured
  return no === '' && isTerminal ? coloured : plain
}

/**
 * Completes when a stream accepts more output without buffering it: immediately, or on its next
 * `drain` event. All subscribers share one listener.
 */
export const drained$ = (output: Writable): Observable<never> => {
  const drain$ = fromEvent(output, 'drain').pipe(share())
  return defer(() => (output.writableNeedDrain ? drain$.pipe(take(1), ignoreElements()) : EMPTY))
}
