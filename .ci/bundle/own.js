import whole from './whole.js'

/**
 * The part of it that is ours, with every package left out.
 *
 * @type {import('esbuild').BuildOptions}
 */
export default {
  ...whole,
  external: ['io-ts', 'rxjs'],
  outfile: 'node_modules/.cache/bundle/own.js',
}
