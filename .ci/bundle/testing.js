import { fileURLToPath } from 'node:url'
import whole from './whole.js'

/**
 * The entry for tests, with every package left out.
 *
 * @type {import('esbuild').BuildOptions}
 */
export default {
  ...whole,
  stdin: {
    contents: "export * from './dist/testing/index.js'",
    resolveDir: fileURLToPath(new URL('../..', import.meta.url)),
  },
  external: ['rxjs'],
  outfile: 'node_modules/.cache/bundle/testing.js',
}
