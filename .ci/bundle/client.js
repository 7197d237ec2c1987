import own from './own.js'

/**
 * Our part of a client and of the codecs that a page may use: what the relay's client stands on.
 *
 * @type {import('esbuild').BuildOptions & { stdin: import('esbuild').StdinOptions }}
 */
export default {
  ...own,
  stdin: {
    ...own.stdin,
    contents: "export { createUploadStatusClient, Failure, UploadStatus } from './dist/index.js'",
  },
  outfile: 'node_modules/.cache/bundle/client.js',
}
