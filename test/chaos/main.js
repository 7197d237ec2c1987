import { spawnSync } from 'node:child_process'
import { build } from 'esbuild'

/**
 * Runs the chaos of watches, of the queue, or of its limit: `npm run chaos [queue | limit] -- [ARGUMENTS]`. Node keeps
 * its own memory flat: what grows in the heap is ours.
 */
const folder = 'node_modules/.cache/chaos'
await build({
  entryPoints: [
    'test/chaos/chaos.ts',
    'test/chaos/serverProgram.ts',
    'test/chaos/queue.ts',
    'test/chaos/limit.ts',
  ],
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  alias: { '#platform': './src/platform/node.ts', 'fp-ts/Either': 'fp-ts/lib/Either.js' },
  logLevel: 'warning',
})

const flatHeap = [
  '--expose-gc',
  '--no-opt',
  '--no-sparkplug',
  '--no-flush-bytecode',
  '--no-lazy-feedback-allocation',
  '--regexp-interpret-all',
]
const [first, ...others] = process.argv.slice(2)
const [flags, program, given] =
  first === 'queue' || first === 'limit'
    ? [[], first, others]
    : [flatHeap, 'chaos', process.argv.slice(2)]
const { status } = spawnSync(process.execPath, [...flags, `${folder}/${program}.mjs`, ...given], {
  stdio: 'inherit',
})
process.exitCode = status ?? 1
