import { afterEach, jest } from '@jest/globals'
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { build } from 'esbuild'

// The tests start real processes, on a machine that may be busy.
jest.setTimeout(60_000)

/** The folder of the program, inside the checkout so that it finds its packages. */
const folder = join('node_modules/.cache/cli-test', process.env['JEST_WORKER_ID'] ?? '0')

/** The program. What it loads later is in files of its own. */
const bundle = join(folder, 'main.mjs')

/** The file of the bundled program. */
export const programPath = bundle

/** Bundles the program. Call it before any test runs the program. */
export const buildProgram = async (): Promise<void> => {
  await build({
    entryPoints: ['src/cli/main.ts'],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    splitting: true,
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias: { '#platform': './src/platform/node.ts', debug: './.ci/bundle/noDebug.js' },
    external: ['rxjs', 'io-ts', 'cross-fetch', '@fastify/busboy', 'bullmq', 'ioredis'],
    logLevel: 'error',
  })
}

/** The environment, input and terminal of a run. */
export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  /** Simulates a terminal of this size. */
  readonly terminal?: { readonly columns: number; readonly rows: number }
}

const simulate = (terminal: Surroundings['terminal']): readonly string[] =>
  terminal === undefined
    ? []
    : [
        '--import',
        'data:text/javascript,Object.assign(process.stdout,' +
          `${JSON.stringify({ isTTY: true, ...terminal })})`,
      ]

const started: ChildProcessWithoutNullStreams[] = []

// A failed test must not leave a program that keeps polling a closed sandbox.
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

/** Starts the program with exactly the given environment. */
export const startProgram = (
  args: readonly string[],
  { env = {}, terminal }: Surroundings = {},
): ChildProcessWithoutNullStreams => {
  const child = spawn(process.execPath, [...simulate(terminal), bundle, ...args], { env })
  started.push(child)
  return child
}

/** The result of a run. */
export interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Waits until the program ends. */
export const endOf = async (child: ChildProcessWithoutNullStreams): Promise<Run> => {
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null,
  ])
  return { code: child.exitCode, stdout, stderr }
}

/** Runs the program and waits until it ends. */
export const runProgram = (
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<Run> => {
  const child = startProgram(args, surroundings)
  child.stdin.end(surroundings.input ?? '')
  return endOf(child)
}

/** Runs a shell script that starts the program as `$PROGRAM`. */
export const runInShell = (script: string, env: Readonly<Record<string, string>>): Promise<Run> => {
  const child = spawn('sh', ['-c', script], {
    env: { ...env, PROGRAM: `${process.execPath} ${bundle}`, PATH: process.env['PATH'] ?? '' },
  })
  child.stdin.end()
  return endOf(child)
}

/** Parses JSON Lines. */
export const jsonLines = (output: string): readonly unknown[] =>
  output === ''
    ? []
    : output
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line))

/** Parses the JSON Lines of a whole run, without the last one, which is the summary. */
export const withoutSummary = (output: string): readonly unknown[] => jsonLines(output).slice(0, -1)
