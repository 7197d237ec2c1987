import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from '@jest/globals'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import express from 'express'
import { Hono } from 'hono'
import { nodeListener, type StatusRelay } from 'rx-upload-status/relay'
import { nextAnswer } from '../http/framing'

/** A server, and the URL of the relay on it. */
interface Hosted {
  readonly url: string
  readonly server: Server
}

const opened: Server[] = []

afterEach(async () => {
  await Promise.all(
    opened.splice(0).map(async server => {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    }),
  )
})

/**
 * Listens until the test is over. Every other answer is chunked; the others end with their
 * connection, as behind a proxy that speaks HTTP/1.0.
 */
export const listen = async (listener: RequestListener, path = '/', on = 0): Promise<Hosted> => {
  const server = createServer((request, response) => {
    response.useChunkedEncodingByDefault = nextAnswer() % 2 === 0
    listener(request, response)
  })
  opened.push(server)
  server.listen(on, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${String(port)}${path}`, server }
}

/** Serves a relay by a framework or server. */
export type Host = (relay: StatusRelay) => Promise<Hosted>

const path = '/uploads/live'

/** A listener of `@hono/node-server` for a WHATWG handler. It handles rejections itself. */
const whatwg = (handle: Parameters<typeof getRequestListener>[0]): RequestListener => {
  const listener = getRequestListener(handle)
  return (request, response) => void listener(request, response)
}

/** The shape of a file `app/uploads/live/route.ts` of Next.js, as its server calls it. */
const routeModule = (relay: StatusRelay): { readonly GET: StatusRelay } => ({ GET: relay })

export const hosts: Readonly<Record<string, Host>> = {
  'node:http': relay => listen(nodeListener(relay)),
  Express: relay => {
    const app = express()
    app.use(path, nodeListener(relay))
    return listen(app, path)
  },
  Hono: relay => {
    const app = new Hono()
    app.all(path, ({ req }) => relay(req.raw))
    return listen(whatwg(app.fetch), path)
  },
  'Hono with nodeListener': relay => {
    const app = new Hono<{ Bindings: HttpBindings }>()
    const listener = nodeListener(relay)
    app.all(path, ({ env }) => {
      listener(env.incoming, env.outgoing)
      return RESPONSE_ALREADY_SENT
    })
    return listen(
      whatwg((request, env) => app.fetch(request, env)),
      path,
    )
  },
  'a route handler like those of Next.js': relay => {
    const route = routeModule(relay)
    return listen(
      whatwg(request =>
        request.method === 'GET'
          ? route.GET(request)
          : Promise.resolve(new Response(null, { status: 405 })),
      ),
      path,
    )
  },
}
