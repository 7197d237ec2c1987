import { name } from '../../package.json'

/** A host of relays: its runtime, and its program after `relay` was created. */
export interface RelayHost {
  readonly runs: 'node' | 'bun' | 'deno'
  /** The package of the host, and the names that are imported from it. */
  readonly from?: readonly [names: string, module: string]
  /** Listens at `path` on a free port, and returns the port. */
  readonly listen: string
}

const path = '/uploads/live'

/** Node's own server, with the listener that a framework makes. */
const onNode = (listener: string): string => `
  const server = createServer(${listener})
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return server.address().port
`

export const relayHosts: Readonly<Record<string, RelayHost>> = {
  'Fastify 5': {
    runs: 'node',
    from: ['Fastify', 'fastify'],
    listen: `
      const app = Fastify()
      app.get('${path}', (request, reply) => {
        reply.hijack()
        listener(request.raw, reply.raw)
      })
      await app.listen({ port: 0, host: '127.0.0.1' })
      return app.server.address().port
    `,
  },
  'Koa 3': {
    runs: 'node',
    from: ['Koa', 'koa'],
    listen: `
      const app = new Koa()
      app.use(ctx => {
        ctx.respond = false
        listener(ctx.req, ctx.res)
      })
      ${onNode('app.callback()')}
    `,
  },
  'h3 1': {
    runs: 'node',
    from: ['{ createApp, createRouter, fromNodeMiddleware, toNodeListener }', 'h3-1'],
    listen: `
      const app = createApp()
      app.use(createRouter().use('${path}', fromNodeMiddleware(listener)))
      ${onNode('toNodeListener(app)')}
    `,
  },
  'h3 2, on Node': {
    runs: 'node',
    from: ['{ H3, fromNodeHandler, toNodeHandler }', 'h3'],
    listen: `
      const app = new H3()
      app.get('${path}', fromNodeHandler(listener))
      ${onNode('toNodeHandler(app)')}
    `,
  },
  'h3 2, under Bun': {
    runs: 'bun',
    from: ['{ H3 }', 'h3'],
    listen: `
      const app = new H3().get('${path}', event => relay(event.req))
      return Bun.serve({ port: 0, fetch: app.fetch, idleTimeout: 60 }).port
    `,
  },
  'Bun.serve': {
    runs: 'bun',
    listen: `return Bun.serve({ port: 0, fetch: relay, idleTimeout: 60 }).port`,
  },
  'Elysia, under Bun': {
    runs: 'bun',
    from: ['{ Elysia }', 'elysia'],
    listen: `
      const app = new Elysia().get('${path}', ({ request }) => relay(request)).listen(0)
      return app.server.port
    `,
  },
  'Deno.serve': {
    runs: 'deno',
    listen: `return Deno.serve({ port: 0, onListen: () => undefined }, relay).addr.port`,
  },
}

/** The address of the relay, with the port that its program prints. */
export const addressOf = (port: number, query = ''): string =>
  `http://127.0.0.1:${String(port)}${path}${query}`

/** A program that serves a relay; it prints its port, then each stream and how many are open. */
export const relayProgram = ({ from, listen }: RelayHost, hosts: string): string => `
  import { createServer } from 'node:http'
  import { createRequire } from 'node:module'
  import { pathToFileURL } from 'node:url'
  import { createUploadStatusClient } from '${name}'
  import { createStatusRelay, nodeListener } from '${name}/relay'
  ${
    from === undefined
      ? ''
      : `
  const resolve = createRequire('${hosts}/package.json').resolve
  const module = await import(pathToFileURL(resolve('${from[1]}')).href)
  const ${from[0].startsWith('{') ? from[0] : `{ default: ${from[0]} }`} = module
  `
  }
  const client = createUploadStatusClient({
    apiKey: 'key_of_the_host',
    baseUrl: process.argv[2],
    schedule: () => 20,
  })
  const relay = createStatusRelay({
    client,
    authorize: () => true,
    on: ({ _tag, why, streams }) => {
      if (_tag !== 'StreamRefused') console.log(why ?? 'opened', streams)
    },
  })
  const listener = nodeListener(relay)
  const serve = async () => {
    ${listen}
  }
  console.log('port: ' + (await serve()))
`
