import { closest, distance } from 'fastest-levenshtein'
import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { parseArgs } from 'node:util'
import { codeOf, messageOf, type Topic, type UsageError } from './commands/errors'
import { rejectKeyArgument } from './commands/givenKey'
import {
  parseSandboxArguments,
  sandboxFlags,
  type SandboxCommand,
} from './commands/sandboxArguments'
import { parseWatchArguments, watchFlags, type WatchCommand } from './commands/watchArguments'

/** A parsed command line. */
export type Command =
  | WatchCommand
  | SandboxCommand
  | { readonly kind: 'demo' }
  | { readonly kind: 'help'; readonly topic: Topic }
  | { readonly kind: 'version' }

/** Parses the arguments after the program's name. Reads no file and sends nothing. */
export const parseArguments = ([name, ...args]: readonly string[]): Either<UsageError, Command> => {
  switch (name) {
    case 'watch':
      return parseCommand(name, args, parseWatchArguments, watchFlags)
    case 'sandbox':
      return parseCommand(name, args, parseSandboxArguments, sandboxFlags)
    case 'demo':
      return parseCommand(name, args, parseDemoArguments, [])
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
          rejectKeyArgument(name === undefined ? [] : [name]) ??
          'the first argument must be a command: watch, sandbox or demo' +
            suggestion(name ?? '', ['watch', 'sandbox', 'demo']),
      })
  }
}

const parseCommand = <A extends Command>(
  topic: Topic,
  args: readonly string[],
  parse: (args: readonly string[]) => Either<string, A>,
  flags: readonly string[],
): Either<UsageError, Command> => {
  if (args.includes('--help') || args.includes('-h')) return E.right({ kind: 'help', topic })
  const rejection = rejectKeyArgument(args)
  return pipe(
    rejection === null ? E.tryCatch(() => parse(args), flagError(flags)) : E.left(rejection),
    E.flatten,
    E.mapLeft(message => ({ topic, message })),
  )
}

const parseDemoArguments = (args: readonly string[]): Either<string, { readonly kind: 'demo' }> => {
  parseArgs({ args: [...args], options: {} })
  return E.right({ kind: 'demo' })
}

/**
 * The message for an error of `parseArgs`. Its message for an unexpected argument would repeat the
 * argument, which may be a secret.
 */
const flagError =
  (flags: readonly string[]) =>
  (error: unknown): string => {
    const code = codeOf(error)
    if (!code.startsWith('ERR_PARSE_ARGS_')) throw error
    if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return 'takes flags, but no other argument'
    const [sentence = ''] = messageOf(error).split(/\.\s/)
    const [, flag] = /^Unknown option '(--[^']+)'$/.exec(sentence) ?? []
    return flag === undefined ? sentence : sentence + suggestion(flag, [...flags, '--help'])
  }

/** Names the known word that a mistyped word is closest to; empty if none is close. */
const suggestion = (word: string, known: readonly string[]): string => {
  const nearest = closest(word, known)
  const maxDistance = Math.ceil(word.replace(/^-+/, '').length * 0.4)
  return distance(word, nearest) <= maxDistance ? `; did you mean ${nearest}?` : ''
}
