import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

/** A status server that records when each request arrives. */
export interface StatusServer {
  readonly url: string
  /** When each request arrived, in ms. */
  readonly arrivals: readonly number[]
  readonly close: () => Promise<void>
}

/** Each upload is processing until this many polls, and then completed. */
export const startStatusServer = async (polls: number): Promise<StatusServer> => {
  const arrivals: number[] = []
  const counts = new Map<string, number>()
  const server = createServer((request, response) => {
    arrivals.push(performance.now())
    const upload = /upload_\d+/.exec(request.url ?? '')?.[0] ?? ''
    const count = (counts.get(upload) ?? 0) + 1
    counts.set(upload, count)
    const status =
      count < polls
        ? { status: 'processing', prefixed_id: upload }
        : { status: 'completed', prefixed_id: upload, media: { id: 7 } }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(status))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${String(port)}`,
    arrivals,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
