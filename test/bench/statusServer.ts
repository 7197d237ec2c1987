import { createServer } from 'node:http'

/**
 * A status endpoint in a process of its own, for benchmarks. An upload is named for when it ends,
 * in ms since 1970 (`ofapi_media_1790000000000_7`), and is `completed` from then on. Whoever started
 * the process is told where it listens, and for each message what it has seen.
 */
let polls = 0
let connections = 0
let open = 0
let mostOpen = 0

const server = createServer(({ url = '' }, response) => {
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
})
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
server.listen(0, '127.0.0.1', () => {
  process.send?.(server.address())
})
process.on('message', () => {
  process.send?.({ polls, connections, mostOpen })
})
process.on('disconnect', () => {
  process.exit()
})
