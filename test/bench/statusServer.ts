import { readFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'

/**
 * A status endpoint in its own process, for benchmarks. The name of an upload contains the time of its
 * end, in ms since 1970 (`ofapi_media_1790000000000_7`); from then on it is `completed`. The process sends
 * its address to its parent, and its counts for each message.
 *
 * Its arguments are the protocol and the framing of its answers, how many requests it answers in a
 * fixed window of a minute before it refuses, and how many ms an answer takes. With `https` it is the
 * server that the parent trusts.
 */
const [, , protocol, framing, perMinute = 'Infinity', takes = '0'] = process.argv
const minute = 60_000
let window = 0
let counted = 0
let refused = 0

/** Milliseconds until the window resets, if the request exceeds the limit; otherwise null. */
const refusalOf = (now: number): number | null => {
  const current = Math.floor(now / minute)
  if (current !== window) counted = 0
  window = current
  counted += 1
  if (counted <= Number(perMinute)) return null
  refused += 1
  return (current + 1) * minute - now
}

let polls = 0
let connections = 0
let open = 0
let mostOpen = 0

const answer: RequestListener = ({ url = '' }, response) => {
  polls += 1
  const refusal = refusalOf(Date.now())
  if (refusal !== null) {
    const retryAfter = String(Math.ceil(refusal / 1_000))
    response.writeHead(429, { 'retry-after': retryAfter, 'content-length': 2 }).end('{}')
    return
  }
  if (Number(takes) > 0) setTimeout(answerStatus, Number(takes), url, response)
  else answerStatus(url, response)
}

const answerStatus = (url: string, response: ServerResponse): void => {
  const [, upload = '', endsAt] = /(ofapi_media_(\d+)_\d+)\/status$/.exec(url) ?? []
  const text = JSON.stringify(
    Date.now() < Number(endsAt)
      ? { status: 'processing', prefixed_id: upload }
      : { status: 'completed', prefixed_id: upload, media: { id: 7 } },
  )
  const headers = { 'content-type': 'application/json' }
  if (framing === 'chunked') {
    response.writeHead(200, headers)
    response.write(text)
    // The last chunk is sent with the others, or separately, as behind an edge network.
    if (polls % 2 === 0) response.end()
    else setImmediate(() => response.end())
  } else
    response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(text) }).end(text)
}

const secureServer = (): Server => {
  const pem = readFileSync(process.env['NODE_EXTRA_CA_CERTS'] ?? '')
  return createSecureServer({ key: pem, cert: pem }, answer)
}

const server = protocol === 'https' ? secureServer() : createServer(answer)
// Longer than a client may wait between two polls.
server.keepAliveTimeout = 75_000
server.on('connection', socket => {
  connections += 1
  open += 1
  mostOpen = Math.max(mostOpen, open)
  socket.on('close', () => {
    open -= 1
  })
})
server.listen(0, 'localhost', () => {
  process.send?.(server.address())
})
process.on('message', () => {
  process.send?.({ polls, connections, mostOpen, refused })
})
process.on('disconnect', () => {
  process.exit()
})
