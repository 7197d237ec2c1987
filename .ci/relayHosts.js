import { installOutOfTree } from './outOfTree.js'

/** Prints the folder that holds the hosts of relays which are no development dependencies. */
console.log(
  installOutOfTree('relay-hosts', {
    bun: '1.4.5',
    deno: '2.9.6',
    elysia: '1.4.30',
    fastify: '5.12.8',
    h3: '2.0.8',
    'h3-1': 'npm:h3@1.15.11',
    koa: '3.3.0',
  }),
)
