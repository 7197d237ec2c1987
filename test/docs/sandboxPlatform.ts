import node from '../../src/platform/node'
import type { Platform } from '../../src/platform/platform'

const vendor = 'https://app.onlyfansapi.com'
const sandbox = process.env['SAMPLE_SANDBOX'] ?? ''

/** Node, but with the sandbox in place of the vendor. Samples run on it unchanged. */
const sandboxPlatform: Platform = {
  ...node,
  fetch: (url, init) => node.fetch(url.replace(vendor, sandbox), init),
}

// A sample that starts an upload sends the POST itself, and its answer names the vendor.
const { fetch } = globalThis
globalThis.fetch = async (input, init) => {
  if (typeof input !== 'string' || !input.startsWith(vendor)) return fetch(input, init)
  const { status, ...answer } = await fetch(input.replace(vendor, sandbox), init).then(
    async response => ({ status: response.status, text: await response.text() }),
  )
  return new Response(
    answer.text
      .replaceAll(sandbox.replaceAll('/', '\\/'), vendor.replaceAll('/', '\\/'))
      .replaceAll(sandbox, vendor),
    {
      status,
      headers: { 'content-type': 'application/json' },
    },
  )
}

export default sandboxPlatform
