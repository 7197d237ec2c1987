import { readFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'

/**
 * A status endpoint in a process of its own, for benchmarks. An upload is named for when it ends,
 * in ms since 1970 (`ofapi_media_1790000000000_7`), and is `completed` from then on. Whoever started
 * the process is told where it listens, and for each message what it has seen. With `https` as its
 * argument it is the server that the process trusts.
 */
let polls = 0
let connections = 0
let open = 0
let mostOpen = 0

const answer: RequestListener = ({ url = '' }, response) => {
  polls += 1
  const [, upload = '', endsAt] = /(ofapi_media_(\d+)_\d+)\/status$/.exec(url) ?? []
  const text = JSON.stringify(
    Date.now() < Number(endsAt)
      ? { status: 'processing', prefixed_id: upload }
      : { status: 'completed', prefixed_id: upload, media: { id: 7 } },
  )
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}

const secureServer = (): Server => {
  const pem = readFileSync(process.env['NODE_EXTRA_CA_CERTS'] ?? '')
  return createSecureServer({ key: pem, cert: pem }, answer)
}

const server = process.argv[2] === 'https' ? secureServer() : createServer(answer)
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
  process.send?.({ polls, connections, mostOpen })
})
process.on('disconnect', () => {
  process.exit()
})
