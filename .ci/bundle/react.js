import { fileURLToPath } from 'node:url'
import whole from './whole.js'

/**
 * Our part of the React adapter, with every package left out.
 *
 * @type {import('esbuild').BuildOptions}
 */
export default {
  ...whole,
  stdin: {
    contents: "export * from './dist/react/index.js'",
    resolveDir: fileURLToPath(new URL('../..', import.meta.url)),
  },
  external: ['react', 'rxjs'],
  outfile: 'node_modules/.cache/bundle/react.js',
}
