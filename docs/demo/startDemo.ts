import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createUploadStatusClient, requestBudget } from 'rx-upload-status'
import { createStatusRelay, nodeListener } from 'rx-upload-status/relay'
import { startSandbox, type SandboxOptions } from 'rx-upload-status/sandbox'
import { listen } from '../../src/sandbox/http/listen'
import { bundle } from './bundle'
import { largestFile } from './limits'
import { send, sendJson } from './send'
import { serveUploads } from './serveUploads'
import { createStories } from './story'
import { troubles } from './troubles'
import { createUploads } from './uploads'

/** A running demo. */
export interface Demo {
  readonly url: string
  /** Ends every connection; resolves when nothing is left. */
  readonly close: () => Promise<void>
}

/** Where the page is, if nobody else is there. */
const preferredPort = 4_020

export interface DemoOptions {
  /** How long uploads take; by default long enough to be looked at. */
  readonly durations?: SandboxOptions['durations']
  /** The budget of the server. */
  readonly perMinute?: number
}

/** Milliseconds. */
const lookedAt = { pending: 2_000, processing: 5_000, spread: 0.5 }

/**
 * Starts the sandbox, a relay to it, and the page, all on loopback. The key stays in this process:
 * a page asks for `/uploads`, `/statuses` and `/stories`, and none of them takes a key or tells one.
 */
export const startDemo = async ({
  durations = lookedAt,
  perMinute = 600,
}: DemoOptions = {}): Promise<Demo> => {
  const [script, html, css] = await Promise.all([
    bundle('docs/demo/page/main.tsx'),
    readFile('docs/demo/page/index.html', 'utf8'),
    readFile('docs/demo/page/page.css', 'utf8'),
  ])
  const sandbox = await startSandbox({ durations, scenarios: troubles, maxFileBytes: largestFile })
  const uploads = createUploads(sandbox)
  const stories = createStories()
  const budget = requestBudget({ perMinute })
  const relay = nodeListener(
    createStatusRelay({
      client: createUploadStatusClient({
        baseUrl: sandbox.url,
        apiKey: sandbox.apiKey,
        budget,
        on: event => {
          uploads.note(event)
          stories.note(event)
        },
      }),
      // A real one would ask who is logged in.
      authorize: (_, ref) => uploads.has(ref),
      // All pages are of the same user, whatever cookies other programs on this host have set.
      callerOf: () => null,
    }),
  )
  const server = createServer((request, response) => {
    const [path = '', query = ''] = (request.url ?? '').split('?', 2)
    if (!isOurs(request, url)) sendJson(response, 403, { error: 'This is for its own page.' })
    else if (path === '/') send(response, 200, 'text/html', html)
    else if (path === '/page.js') send(response, 200, 'text/javascript', script)
    else if (path === '/page.css') send(response, 200, 'text/css', css)
    else if (path === '/uploads') void serveUploads(uploads, request, response)
    else if (path === '/stories')
      sendJson(response, 200, {
        ...stories.since(Number(new URLSearchParams(query).get('from') ?? 0)),
        budget: budget.load(),
      })
    else if (path === '/statuses') relay(request, response)
    else sendJson(response, 404, { error: 'There is nothing here.' })
  })
  const { origin: url } = await listenSomewhere(server)
  const close = async (): Promise<void> => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await Promise.all([closed, sandbox.close()])
  }
  let closing: Promise<void> | null = null
  return { url, close: () => (closing ??= close()) }
}

/** Whether it comes from the page itself, and not from another one that is open in the browser. */
const isOurs = ({ headers }: IncomingMessage, url: string): boolean =>
  `http://${headers.host ?? ''}` === url && (headers.origin ?? url) === url

const listenSomewhere = async (server: Server): ReturnType<typeof listen> => {
  try {
    return await listen(server, '127.0.0.1', preferredPort)
  } catch {
    return listen(server, '127.0.0.1', 0)
  }
}
