import type { Fetch } from '../src/http/fetch'
import node from '../src/platform/node'

/** Node's own fetch, in place of ours. */
const own: Fetch = (url, init) => globalThis.fetch(url, init)

/** Both fetches on Node, for laws that hold for each. */
export const fetches = [
  ['cross-fetch', node.fetch],
  ["Node's own fetch", own],
] as const satisfies ReadonlyArray<readonly [string, Fetch]>
