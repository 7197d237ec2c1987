import { fileURLToPath } from 'node:url'

/**
 * What a browser has to load for one watch, as esbuild's options. Not `size-limit`'s own, which
 * leave out peer dependencies always and would take `#platform` from the paths of tsconfig.json.
 *
 * @type {import('esbuild').BuildOptions}
 */
export default {
  stdin: {
    contents: "export { uploadStatus$ } from './dist/index.js'",
    resolveDir: fileURLToPath(new URL('../..', import.meta.url)),
  },
  bundle: true,
  format: 'esm',
  platform: 'browser',
  minify: true,
  tsconfigRaw: {},
  outfile: 'node_modules/.cache/bundle/whole.js',
}
