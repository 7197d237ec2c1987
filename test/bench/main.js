import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

/**
 * Runs benchmarks by their names, all of them without one: `npm run bench [name ...]`. They measure
 * the package as it was built, and run as they are: nothing is transformed but the types.
 */
const known = readdirSync('test/bench')
  .filter(file => file.endsWith('.bench.ts'))
  .map(file => file.replace('.bench.ts', ''))
const asked = process.argv.slice(2)
const unknown = asked.filter(name => !known.includes(name))
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}; there are ${known.join(', ')}`)
  process.exit(2)
}

const dist = resolve('dist')
const folder = 'node_modules/.cache/bench'
await build({
  entryPoints: [
    'test/bench/*.bench.ts',
    'test/bench/statusServer.ts',
    'test/bench/relayProgram.ts',
    'test/bench/queueWorker.ts',
  ],
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  alias: {
    'rx-upload-status': join(dist, 'index.js'),
    'rx-upload-status/bullmq': join(dist, 'bullmq/index.js'),
    'rx-upload-status/relay': join(dist, 'relay/index.js'),
    'rx-upload-status/webhook': join(dist, 'webhook/index.js'),
    '#platform': './src/platform/node.ts',
    // The tests' own helpers ask for it by the name that Node does not know.
    'fp-ts/Either': 'fp-ts/lib/Either.js',
  },
  external: [join(dist, '*')],
  logLevel: 'error',
})

for (const name of asked.length === 0 ? known : asked) {
  const { status } = spawnSync(
    process.execPath,
    ['--expose-gc', join(folder, `${name}.bench.mjs`)],
    {
      stdio: 'inherit',
    },
  )
  if (status !== 0) process.exitCode = 1
}
