import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { afterEach } from '@jest/globals'
import type { SandboxDelivery, SandboxOptions } from '../../../src/sandbox'
import { until } from '../../until'
import { ask, openSandbox, startAsync, type Answer } from '../openSandbox'

/** A delivery as a server receives it. */
export interface Received {
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly body: { event: string; account_id: string; payload: Record<string, unknown> }
}

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

/** A server that answers each delivery with a status; null never answers. */
export const receiver = async (
  answer: (received: Received, nth: number) => number | null = () => 204,
): Promise<{ readonly url: string; readonly received: Received[] }> => {
  const received: Received[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => {
      text += chunk
    })
    request.once('end', () => {
      const one = { headers: request.headers, text, body: JSON.parse(text) as Received['body'] }
      received.push(one)
      const status = answer(one, received.length)
      if (status === null) return
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {})
      response.end()
    })
  })
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${String(port)}/hook`, received }
}

export const secret = 'whsec_sandbox'

/** A sandbox whose uploads end immediately, with the vendor's waits divided by 1,000. */
export const delivering = (
  webhooks: NonNullable<SandboxOptions['webhooks']>,
  options: SandboxOptions = {},
) =>
  openSandbox({
    durations: { pending: 0, processing: 0, spread: 0 },
    webhooks: { secret, timeScale: 0.001, ...webhooks },
    ...options,
  })

type Sandbox = Awaited<ReturnType<typeof delivering>>

/** Starts uploads one after another. Returns their ids. A file name with `fail` fails. */
export const startUploads = async (
  sandbox: Sandbox,
  ...names: readonly string[]
): Promise<readonly string[]> => {
  const ids: string[] = []
  for (const name of names) {
    const { prefixed_id } = await startAsync(sandbox, 'vault', `https://media.example/${name}`)
    ids.push(prefixed_id)
  }
  return ids
}

/** Waits for this many attempts. Returns their outcomes. */
export const attempts = async (
  { deliveries }: Sandbox,
  count: number,
): Promise<readonly SandboxDelivery[]> => {
  await until(() => deliveries().length >= count)
  return deliveries()
}

export const firstOf = <A>(all: readonly A[]): A => {
  const [first] = all
  if (first === undefined) throw new Error('the list is empty')
  return first
}

/** Creates a webhook over HTTP, or changes one. */
export const change = (
  sandbox: Sandbox,
  method: 'POST' | 'PUT',
  path: string,
  body: object,
): Promise<Answer> =>
  ask(sandbox, `/api/webhooks${path === '' ? '' : `/${path}`}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
