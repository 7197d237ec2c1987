import client from './client.js'

/**
 * The same, with the relay's client: the difference is what that adds.
 *
 * @type {import('esbuild').BuildOptions}
 */
export default {
  ...client,
  stdin: {
    ...client.stdin,
    contents: `${client.stdin.contents}
export { relayedSource, relayedUploadStatus$, relayedUploadStatuses$ } from './dist/relay/client/index.js'`,
  },
  outfile: 'node_modules/.cache/bundle/relayClient.js',
}
