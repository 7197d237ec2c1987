import { parseArgs } from 'node:util'
import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { keyInArguments } from './commands/apiKey'
import { sandboxArguments, sandboxFlags, type SandboxCommand } from './commands/sandboxArguments'
import { suggestion } from './suggestion'
import { codeOf, messageOf } from './commands/errors'
import { watchArguments, watchFlags, type WatchCommand } from './commands/watchArguments'

/** What a help text is about; `null` is the program as a whole. */
export type Topic = 'watch' | 'sandbox' | 'demo' | null

/** What the program was asked to do. */
export type Command =
  | WatchCommand
  | SandboxCommand
  | { readonly kind: 'demo' }
  | { readonly kind: 'help'; readonly topic: Topic }
  | { readonly kind: 'version' }

/** Why a command line makes no sense. */
export interface UsageError {
  readonly topic: Topic
  readonly message: string
}

/** Reads the arguments that follow the program's name. Nothing is looked at, let alone sent. */
export const parseCommandLine = ([name, ...args]: readonly string[]): Either<
  UsageError,
  Command
> => {
  switch (name) {
    case 'watch':
      return parse(name, args, watchArguments, watchFlags)
    case 'sandbox':
      return parse(name, args, sandboxArguments, sandboxFlags)
    case 'demo':
      return parse(name, args, demoArguments, [])
    case '--version':
      return E.right({ kind: 'version' })
    case 'help':
    case '--help':
    case '-h':
      return E.right({ kind: 'help', topic: null })
    default:
      return E.left({
        topic: null,
        message:
          keyInArguments(name === undefined ? [] : [name]) ??
          'the first argument must be a command: watch, sandbox or demo' +
            suggestion(name ?? '', ['watch', 'sandbox', 'demo']),
      })
  }
}

const parse = <A extends Command>(
  topic: Topic,
  args: readonly string[],
  parser: (args: readonly string[]) => Either<string, A>,
  flags: readonly string[],
): Either<UsageError, Command> => {
  if (args.includes('--help') || args.includes('-h')) return E.right({ kind: 'help', topic })
  const refusal = keyInArguments(args)
  return pipe(
    refusal === null ? E.tryCatch(() => parser(args), complaint(flags)) : E.left(refusal),
    E.flatten,
    E.mapLeft(message => ({ topic, message })),
  )
}

const demoArguments = (args: readonly string[]): Either<string, { readonly kind: 'demo' }> => {
  parseArgs({ args: [...args], options: {} })
  return E.right({ kind: 'demo' })
}

/** What `parseArgs` has against a flag. It would repeat a stray argument, which may be a secret. */
const complaint =
  (flags: readonly string[]) =>
  (error: unknown): string => {
    const code = codeOf(error)
    if (!code.startsWith('ERR_PARSE_ARGS_')) throw error
    if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return 'takes no arguments but flags'
    const [sentence = ''] = messageOf(error).split(/\.\s/)
    const [, flag] = /^Unknown option '(--[^']+)'$/.exec(sentence) ?? []
    return flag === undefined ? sentence : sentence + suggestion(flag, [...flags, '--help'])
  }
