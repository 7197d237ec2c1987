import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { isRight } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'

const Address = t.type({ port: t.number })

const Seen = t.type({
  polls: t.number,
  connections: t.number,
  mostOpen: t.number,
  refused: t.number,
})

/** A status server in its own process. */
export interface StatusServer {
  readonly url: string
  /** Its counts so far. */
  readonly seen: () => Promise<t.TypeOf<typeof Seen>>
}

/** How a status server answers. */
export interface ServerOptions {
  /** @default 'http' */
  readonly protocol?: 'http' | 'https'
  /** How the end of an answer is framed. @default 'length' */
  readonly framing?: 'length' | 'chunked'
  /** Requests that it answers in a fixed window of a minute; it refuses the others. @default Infinity */
  readonly perMinute?: number
  /** Milliseconds that an answer takes. @default 0 */
  readonly takes?: number
}

/** Starts a status server, which ends with this process. */
export const startServer = async ({
  protocol = 'http',
  framing = 'length',
  perMinute = Infinity,
  takes = 0,
}: ServerOptions = {}): Promise<StatusServer> => {
  const program = join(process.argv[1] ?? '', '../statusServer.mjs')
  const child = fork(program, [protocol, framing, String(perMinute), String(takes)], {
    execArgv: [],
  })
  const said = async <A>(codec: t.Type<A>): Promise<A> => {
    const message: readonly unknown[] = await once(child, 'message')
    const decoded = codec.decode(message[0])
    if (isRight(decoded)) return decoded.right
    throw new Error('the server said something else')
  }
  const { port } = await said(Address)
  return {
    url: `${protocol}://localhost:${String(port)}`,
    seen: () => {
      child.send('what have you seen?')
      return said(Seen)
    },
  }
}
