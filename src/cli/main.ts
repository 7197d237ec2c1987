#!/usr/bin/env node
import { defer, finalize, fromEvent, map, merge, of, take, type Observable } from 'rxjs'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { version } from '../../package.json'
import { completionScript } from './commands/completion'
import { demo$ } from './commands/demo'
import { codeOf, reportUsageError$ } from './commands/errors'
import { exitCode, type ExitCode } from './commands/exitCode'
import { unwritable } from './commands/fileError'
import { programName, type Host } from './commands/host'
import { sandbox$ } from './commands/sandbox'
import { watch$ } from './commands/watch'
import { work$ } from './commands/work'
import { helpText } from './help'
import { parseArguments, type Command } from './parseArguments'
import type { WorkCommand } from './commands/workArguments'

/** Runs the program until it ends or is interrupted. Unsubscribing stops it. */
const run$ = (
  args: readonly string[],
  host: Host,
  interruption$: Observable<ExitCode>,
): Observable<ExitCode> =>
  pipe(
    parseArguments(args),
    E.match(
      error => reportUsageError$(host, error),
      command =>
        // A worker finishes its requests before it ends.
        command.kind === 'work'
          ? work$(command, host, interruption$)
          : merge(runCommand$(command, host), interruption$),
    ),
  )

const runCommand$ = (command: Exclude<Command, WorkCommand>, host: Host): Observable<ExitCode> => {
  switch (command.kind) {
    case 'watch':
      return watch$(command, host)
    case 'sandbox':
      return sandbox$(command, host)
    case 'demo':
      return demo$(host)
    case 'completion':
      return print$(host, completionScript(command.shell))
    case 'help':
      return print$(host, helpText(command.topic, host))
    case 'version':
      return print$(host, `${version}\n`)
  }
}

const print$ = ({ stdout }: Host, text: string): Observable<ExitCode> =>
  defer(() => {
    stdout.write(text)
    return of(exitCode.completed)
  })

/** The exit code after the output could not be written. */
const outputCode = (error: unknown): ExitCode =>
  codeOf(error) === 'EPIPE' ? exitCode.closedPipe : exitCode.output

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Emits when the program must end early: on a signal, or if its output cannot be written. */
const interruption$ = (program: NodeJS.Process): Observable<ExitCode> =>
  merge(
    fromEvent(program, 'SIGINT').pipe(map(() => exitCode.interrupted)),
    fromEvent(program, 'SIGTERM').pipe(map(() => exitCode.terminated)),
    fromEvent(program, 'SIGHUP').pipe(map(() => exitCode.hungUp)),
    fromEvent(program.stdout, 'error').pipe(map(outputCode)),
  )

/**
 * Ends the process after all output is written, even if sockets are still open. Output that cannot
 * be written is no success, even if it is the last line.
 */
const exit = (code: ExitCode): void => {
  process.exitCode = code
  process.stdout.write('', error => {
    const failure: unknown = process.stdout.errored ?? error
    if (failure === null || failure === undefined) process.exit()
    if (outputCode(failure) === exitCode.output)
      process.stderr.write(`${programName}: the output ${unwritable(failure)}\n`)
    process.exit(outputCode(failure))
  })
}

/** A bug must not end with an exit code that means something else. */
const crash = (defect: unknown): void => {
  process.stderr.write(`${programName}: unexpected error: ${String(defect)}\n`)
  exit(exitCode.defect)
}

process.on('uncaughtException', crash)
// These listeners are never removed. A late EPIPE without one is an uncaught exception, and a second
// signal, which npx passes on, would replace the exit code.
for (const signal of signals)
  process.on(signal, () => {
    if (process.exitCode !== undefined) process.exit()
  })
process.stdout.on('error', () => undefined)
process.stderr.on('error', () => undefined)

const run = (): void => {
  let result: ExitCode | null = null
  run$(process.argv.slice(2), process, interruption$(process))
    .pipe(
      take(1),
      // Unsubscribed displays have written their last lines by now.
      finalize(() => {
        if (result !== null) exit(result)
      }),
    )
    .subscribe({
      next: code => {
        result = code
      },
      error: crash,
    })
}

run()
