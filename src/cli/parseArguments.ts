import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { parseArgs } from 'node:util'
import { parseCompletionArguments, type CompletionCommand } from './commands/completionArguments'
import { codeOf, messageOf, type Topic, type UsageError } from './commands/errors'
import { rejectKeyArgument } from './commands/givenKey'
import {
  parseSandboxArguments,
  sandboxFlags,
  type SandboxCommand,
} from './commands/sandboxArguments'
import { suggestion } from './commands/suggestion'
import { parseWatchArguments, watchFlags, type WatchCommand } from './commands/watchArguments'
import { parseWorkArguments, workFlags, type WorkCommand } from './commands/workArguments'
import { sanitize } from './display/text'

/** A parsed command line. */
export type Command =
  | WatchCommand
  | WorkCommand
  | SandboxCommand
  | CompletionCommand
  | { readonly kind: 'demo' }
  | { readonly kind: 'help'; readonly topic: Topic }
  | { readonly kind: 'version' }

const topics = [
  'watch',
  'work',
  'sandbox',
  'demo',
  'completion',
] as const satisfies readonly Topic[]
const otherWords = ['help', '--help', '--version']

/** Parses the arguments after the program's name. Reads no file and sends nothing. */
export const parseArguments = ([name, ...args]: readonly string[]): Either<UsageError, Command> => {
  switch (name) {
    case 'watch':
      return parseCommand(name, args, parseWatchArguments, watchFlags)
    case 'work':
      return parseCommand(name, args, parseWorkArguments, workFlags)
    case 'sandbox':
      return parseCommand(name, args, parseSandboxArguments, sandboxFlags)
    case 'demo':
      return parseCommand(name, args, parseDemoArguments, [])
    case 'completion':
      return parseCommand(name, args, parseCompletionArguments, [])
    case '--version':
    case '-V':
      return E.right({ kind: 'version' })
    case 'help':
    case '--help':
    case '-h':
      return parseHelpArguments(args)
    default:
      return E.left({ topic: null, message: noCommand(name) })
  }
}

/** The error for an unknown command. It does not repeat the argument, which may be a secret. */
const noCommand = (name: string | undefined): string => {
  const allowed = `${topics.slice(0, -1).join(', ')} or ${topics.at(-1) ?? ''}`
  const rule = `the first argument must be a command: ${allowed}`
  if (name === undefined) return rule
  const meant = suggestion(name, [...topics, ...otherWords])
  const isFlag = name.startsWith('-') && meant === ''
  return rejectKeyArgument([name]) ?? rule + (isFlag ? '; flags come after it' : meant)
}

/** The arguments before `--`. Those after it are not flags. */
const beforeSeparator = (args: readonly string[]): readonly string[] =>
  args.includes('--') ? args.slice(0, args.indexOf('--')) : args

const parseCommand = <A extends Command>(
  topic: Topic,
  args: readonly string[],
  parse: (args: readonly string[]) => Either<string, A>,
  flags: readonly string[],
): Either<UsageError, Command> => {
  const words = beforeSeparator(args)
  if (words.includes('--help') || words.includes('-h')) return E.right({ kind: 'help', topic })
  const rejection = rejectKeyArgument(args)
  return pipe(
    rejection === null ? E.tryCatch(() => parse(args), flagError(topic, flags)) : E.left(rejection),
    E.flatten,
    E.mapLeft(message => ({ topic, message })),
  )
}

const parseDemoArguments = (args: readonly string[]): Either<string, { readonly kind: 'demo' }> => {
  parseArgs({ args: [...args], options: {} })
  return E.right({ kind: 'demo' })
}

/** `help watch` and `--help watch` are the help on `watch`; a flag after it changes nothing. */
const parseHelpArguments = (args: readonly string[]): Either<UsageError, Command> => {
  const [word] = args.filter(arg => !arg.startsWith('-'))
  const topic = word === undefined ? null : topics.find(known => known === word)
  return topic === undefined
    ? E.left({
        topic: null,
        message: `help is about a command: ${topics.join(', ')}${suggestion(word ?? '', topics)}`,
      })
    : E.right({ kind: 'help', topic })
}

/**
 * The message for an error of `parseArgs`. Its message for an unexpected argument would repeat the
 * argument, which may be a secret.
 */
const flagError =
  (topic: Topic, flags: readonly string[]) =>
  (error: unknown): string => {
    const code = codeOf(error)
    if (!code.startsWith('ERR_PARSE_ARGS_')) throw error
    if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return 'takes flags, but no other argument'
    const [, valueless, problem] =
      /^Option '(--[\w-]+).*? argument (missing|is amb)/.exec(messageOf(error)) ?? []
    if (valueless !== undefined)
      return problem === 'missing'
        ? `${valueless} needs a value`
        : `${valueless} needs a value; write one that begins with "-" as ${valueless}=VALUE`
    const [, unknown] = /^Unknown option '([^]*?)'(?:\.|$)/.exec(messageOf(error)) ?? []
    if (unknown === undefined) return sanitize(messageOf(error).split(/\.\s/)[0] ?? '')
    const meant = unknown.startsWith('--') ? suggestion(unknown, [...flags, '--help']) : ''
    const rule = topic === 'watch' ? '; an id that begins with "-" comes after --' : ''
    return `unknown flag ${sanitize(unknown, 40)}${meant === '' ? rule : meant}`
  }
