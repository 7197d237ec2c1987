import type { RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import { Hono } from 'hono'
import { nodeListener, type Webhook } from 'rx-upload-status/webhook'
import { listen } from '../relay/hosts'

/** Serves a webhook by a framework or server. Returns its URL. */
export type Host = (webhook: Webhook) => Promise<{ readonly url: string }>

const path = '/hooks/uploads'

/** A server for WHATWG handlers. */
const whatwg = (handle: (request: Request) => Response | Promise<Response>): RequestListener => {
  const listener = getRequestListener(handle)
  return (request, response) => void listener(request, response)
}

export const hosts: Readonly<Record<string, Host>> = {
  'node:http': webhook => listen(nodeListener(webhook), path),
  Express: webhook => {
    const app = express()
    app.post(path, nodeListener(webhook))
    // Later middleware may read bodies.
    app.use(express.json())
    return listen(app, path)
  },
  // Like cloud functions, which read the body and pass its bytes.
  'a host that passes the raw body': webhook => {
    const app = express()
    app.post(path, express.raw({ type: () => true }), (request, response, next) => {
      const headers = new Headers()
      for (const [name, value] of Object.entries(request.headers))
        if (typeof value === 'string') headers.set(name, value)
      const body: unknown = request.body
      const init = {
        method: 'POST',
        headers,
        body: Buffer.isBuffer(body) ? new Uint8Array(body) : null,
      }
      webhook(new Request(`http://localhost${path}`, init))
        .then(async answer => response.status(answer.status).send(await answer.text()))
        .catch(next)
    })
    return listen(app, path)
  },
  // Like AWS Lambda behind API Gateway.
  'a host that passes the body as base64': webhook => {
    const app = express()
    app.post(path, express.raw({ type: () => true }), (request, response, next) => {
      const raw: unknown = request.body
      const text = Buffer.isBuffer(raw) ? raw.toString('base64') : ''
      const init = {
        method: 'POST',
        headers: { signature: request.header('signature') ?? '' },
        body: Buffer.from(text, 'base64'),
      }
      webhook(new Request(`http://localhost${path}`, init))
        .then(async answer => response.status(answer.status).send(await answer.text()))
        .catch(next)
    })
    return listen(app, path)
  },
  Hono: webhook => {
    const app = new Hono()
    app.post(path, ({ req }) => webhook(req.raw))
    return listen(whatwg(app.fetch), path)
  },
  'a route handler like those of Next.js': webhook => {
    const route = { POST: (request: Request) => webhook(request) }
    return listen(
      whatwg(request => route.POST(request)),
      path,
    )
  },
}

/** Hosts that read the body first, by mistake. */
export const readingHosts = {
  'Express after express.json()': webhook => {
    const app = express()
    app.use(express.json())
    app.post(path, nodeListener(webhook))
    return listen(app, path)
  },
  'Express after express.raw()': webhook => {
    const app = express()
    app.post(path, express.raw({ type: '*/*' }), nodeListener(webhook))
    return listen(app, path)
  },
  'Hono after a middleware that reads the body': webhook => {
    const app = new Hono()
    app.use(async ({ req }, next) => {
      await req.json()
      await next()
    })
    app.post(path, ({ req }) => webhook(req.raw))
    return listen(whatwg(app.fetch), path)
  },
} as const satisfies Readonly<Record<string, Host>>
