import node from '../../src/platform/node'
import type { Platform } from '../../src/platform/platform'

const sandbox = process.env['SAMPLE_SANDBOX'] ?? ''

/** Node, but with the sandbox where the vendor would be. Samples run on it as they are. */
const sandboxPlatform: Platform = {
  ...node,
  fetch: (url, init) => node.fetch(url.replace('https://app.onlyfansapi.com', sandbox), init),
}

export default sandboxPlatform
