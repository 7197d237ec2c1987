import { afterEach } from '@jest/globals'
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { build } from 'esbuild'

/** The program as one file, inside the checkout so that it finds its packages. */
const bundle = join(
  'node_modules/.cache/cli-test',
  `main-${process.env['JEST_WORKER_ID'] ?? '0'}.mjs`,
)

/** Bundles the program; to be awaited before any test runs it. */
export const buildProgram = async (): Promise<void> => {
  await build({
    entryPoints: ['src/cli/main.ts'],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias: { '#platform': './src/platform/node.ts', debug: './.ci/bundle/noDebug.js' },
    external: ['rxjs', 'io-ts', 'cross-fetch', '@fastify/busboy'],
    logLevel: 'error',
  })
}

/** What a run of the program is given beside its arguments. */
export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  /** Makes the program believe that it writes to a terminal of this size. */
  readonly terminal?: { readonly columns: number; readonly rows: number }
}

const pretence = (terminal: Surroundings['terminal']): readonly string[] =>
  terminal === undefined
    ? []
    : [
        '--import',
        'data:text/javascript,Object.assign(process.stdout,' +
          `${JSON.stringify({ isTTY: true, ...terminal })})`,
      ]

const started: ChildProcessWithoutNullStreams[] = []

// A test that fails must leave nothing behind that goes on to ask a sandbox which is gone.
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

/** Starts the program; its environment is what is given, and nothing else. */
export const startProgram = (
  args: readonly string[],
  { env = {}, terminal }: Surroundings = {},
): ChildProcessWithoutNullStreams => {
  const child = spawn(process.execPath, [...pretence(terminal), bundle, ...args], { env })
  started.push(child)
  return child
}

/** How a run ended. */
export interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The end of a program that was started. */
export const endOf = async (child: ChildProcessWithoutNullStreams): Promise<Run> => {
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null,
  ])
  return { code: child.exitCode, stdout, stderr }
}

/** Runs the program to its end. */
export const runProgram = (
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<Run> => {
  const child = startProgram(args, surroundings)
  child.stdin.end(surroundings.input ?? '')
  return endOf(child)
}

/** Runs a script in a shell that knows the program as `$PROGRAM`. */
export const runInShell = (script: string, env: Readonly<Record<string, string>>): Promise<Run> => {
  const child = spawn('sh', ['-c', script], {
    env: { ...env, PROGRAM: `${process.execPath} ${bundle}`, PATH: process.env['PATH'] ?? '' },
  })
  child.stdin.end()
  return endOf(child)
}

/** The lines of a text that ends with a newline, each parsed as JSON. */
export const jsonLines = (output: string): readonly unknown[] =>
  output === ''
    ? []
    : output
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line))

/** What a whole run told of uploads, one by one: all but the last line, which counts them. */
export const toldIn = (output: string): readonly unknown[] => jsonLines(output).slice(0, -1)
