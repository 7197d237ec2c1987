#!/usr/bin/env node
import { defer, fromEvent, map, merge, of, take, type Observable } from 'rxjs'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { version } from '../../package.json'
import { completionScript } from './commands/completion'
import { demo$ } from './commands/demo'
import { codeOf, reportUsageError$ } from './commands/errors'
import { exitCode, type ExitCode } from './commands/exitCode'
import { programCommand, programName, type Host } from './commands/host'
import { sandbox$ } from './commands/sandbox'
import { watch$ } from './commands/watch'
import { helpText } from './help'
import { parseArguments, type Command } from './parseArguments'

/** Runs the program: emits the exit code and completes. Unsubscribing stops it. */
const run$ = (args: readonly string[], host: Host): Observable<ExitCode> =>
  pipe(
    parseArguments(args),
    E.match(
      error => reportUsageError$(host, error),
      command => runCommand$(command, host),
    ),
  )

const runCommand$ = (command: Command, host: Host): Observable<ExitCode> => {
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
      return print$(host, helpText(command.topic, programCommand(host)))
    case 'version':
      return print$(host, `${version}\n`)
  }
}

const print$ = ({ stdout }: Host, text: string): Observable<ExitCode> =>
  defer(() => {
    stdout.write(text)
    return of(exitCode.completed)
  })

/** Emits when the program must end early: Ctrl-C, SIGTERM, or the reader of the output has gone. */
const interruption$ = (program: NodeJS.Process): Observable<ExitCode> =>
  merge(
    fromEvent(program, 'SIGINT').pipe(map(() => exitCode.interrupted)),
    fromEvent(program, 'SIGTERM').pipe(map(() => exitCode.terminated)),
    fromEvent(program.stdout, 'error').pipe(
      map(error => {
        if (codeOf(error) === 'EPIPE') return exitCode.closedPipe
        throw error
      }),
    ),
  )

/** Ends the process after all output is written, even if sockets are still open. */
const exit = (code: ExitCode): void => {
  process.exitCode = code
  process.stdout.write('', () => process.exit())
}

/** A bug must not end with an exit code that means something else. */
const crash = (defect: unknown): void => {
  process.stderr.write(`${programName}: unexpected error: ${String(defect)}\n`)
  exit(exitCode.defect)
}

process.on('uncaughtException', crash)
// These listeners are never removed: a late EPIPE without a listener is an uncaught exception.
process.stdout.on('error', () => undefined)
process.stderr.on('error', () => undefined)

merge(run$(process.argv.slice(2), process), interruption$(process))
  .pipe(take(1))
  .subscribe({ next: exit, error: crash })
