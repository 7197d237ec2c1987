#!/usr/bin/env node
import { merge, take } from 'rxjs'
import { exitCode, type ExitCode } from './commands/exitCode'
import { interruption$ } from './interruption'
import { programName } from './commands/host'
import { run$ } from './run'

/** Ends the process once all output is on its way, whatever sockets or look-ups are still open. */
const leave = (code: ExitCode): void => {
  process.exitCode = code
  process.stdout.write('', () => process.exit())
}

/** A bug must not end with a code that means something else. */
const crash = (defect: unknown): void => {
  process.stderr.write(`${programName}: unexpected error: ${String(defect)}\n`)
  leave(exitCode.defect)
}

process.on('uncaughtException', crash)
// Kept to the end: without a listener an EPIPE that comes late would be an uncaught exception.
process.stdout.on('error', () => undefined)
process.stderr.on('error', () => undefined)

merge(run$(process.argv.slice(2), process), interruption$(process))
  .pipe(take(1))
  .subscribe({ next: leave, error: crash })
