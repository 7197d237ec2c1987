import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'

const program = resolve('node_modules/.cache/bullmq/workerProgram.mjs')

/** Another version of BullMQ, for `npm run proof:bullmq5`. */
const bullmq = process.env['BULLMQ']

/** Bundles the program of a worker, once for all processes. */
export const buildWorker = async (): Promise<void> => {
  await build({
    entryPoints: ['test/bullmq/workerProgram.ts'],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: { '#platform': resolve('src/platform/node.ts') },
    plugins: [
      {
        name: 'another version',
        setup: build => {
          if (bullmq !== undefined)
            build.onResolve({ filter: /^bullmq$/ }, () => ({
              path: join(bullmq, 'dist/cjs/index.js'),
              external: true,
            }))
        },
      },
    ],
    logLevel: 'warning',
  })
}

/** A settled upload that a worker reported. */
export interface ReportedEnd {
  readonly id: string
  readonly upload: string
  readonly end: string
}

/** A worker that can be killed. */
export interface WorkerProcess {
  /** Ends the process immediately; it cannot finish its work. */
  readonly kill: () => Promise<void>
}

export const startWorker = (
  env: Readonly<Record<'REDIS_URL' | 'QUEUE' | 'SERVER' | 'PER_MINUTE', string>> &
    NodeJS.ProcessEnv,
  onEnd: (end: ReportedEnd) => void,
): WorkerProcess => {
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  createInterface({ input: child.stdout }).on('line', line => {
    onEnd(JSON.parse(line) as ReportedEnd)
  })
  const exited = once(child, 'exit')
  return {
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}
