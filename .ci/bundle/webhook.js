import { fileURLToPath } from 'node:url'
import whole from './whole.js'

/**
 * Our part of a webhook, without the layers that a client loads too.
 *
 * @type {import('esbuild').BuildOptions}
 */
export default {
  ...whole,
  stdin: {
    contents: "export { createWebhook } from './dist/webhook/index.js'",
    resolveDir: fileURLToPath(new URL('../..', import.meta.url)),
  },
  external: ['io-ts', 'rxjs', '../api/*', '../failure/*', '../runtime/*'],
  outfile: 'node_modules/.cache/bundle/webhook.js',
}
