import client from './client.js'

/**
 * The same, with tabs that share a stream: the difference is what that adds.
 *
 * @type {import('esbuild').BuildOptions & { stdin: import('esbuild').StdinOptions }}
 */
export default {
  ...client,
  stdin: {
    ...client.stdin,
    contents: `${client.stdin.contents}
export * from './dist/relay/client/index.js'`,
  },
  outfile: 'node_modules/.cache/bundle/tabs.js',
}
