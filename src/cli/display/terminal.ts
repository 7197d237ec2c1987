import * as util from 'node:util'

/** How a piece of text is made to stand out. */
export type Style = 'green' | 'red' | 'yellow' | 'cyan' | 'dim'

/** Gives a text a style, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string

/** No colours. */
export const plain: Paint = (_, text) => text

/**
 * ANSI colours. Whether there are any is decided once, by `painter`, not by each call. Node has them
 * from 20.12 on; before that a text stays as it is.
 */
export const coloured: Paint = (style, text) =>
  text === '' || !('styleText' in util)
    ? text
    : util.styleText(style, text, { validateStream: false })

/**
 * Whether to use colours: as FORCE_COLOR says, else not if NO_COLOR is set, else on terminals.
 *
 * @see https://no-color.org and https://force-color.org
 */
export const painter = (env: NodeJS.ProcessEnv, isTerminal: boolean): Paint => {
  const { FORCE_COLOR: force = '', NO_COLOR: no = '' } = env
  if (force !== '') return force === '0' || force === 'false' ? plain : coloured
  return no === '' && isTerminal ? coloured : plain
}
