import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'
import { parseArgs } from 'node:util'
import { suggestion } from './suggestion'

/** The supported shells. */
export const shells = ['bash', 'zsh', 'fish'] as const

export type Shell = (typeof shells)[number]

/** The parsed arguments of `completion`. */
export interface CompletionCommand {
  readonly kind: 'completion'
  readonly shell: Shell
}

/** Parses the arguments after `completion`. Throws what `parseArgs` throws. */
export const parseCompletionArguments = (
  args: readonly string[],
): Either<string, CompletionCommand> => {
  const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true })
  const [word = '', ...others] = positionals
  const shell = others.length === 0 ? shells.find(known => known === word) : undefined
  return shell === undefined
    ? E.left(`takes one argument, the shell: ${shells.join(', ')}${suggestion(word, shells)}`)
    : E.right({ kind: 'completion', shell })
}
