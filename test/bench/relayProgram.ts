import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createUploadStatusClient, requestBudget, spaced } from 'rx-upload-status'
import { createStatusRelay, nodeListener } from 'rx-upload-status/relay'

/**
 * A relay with its status server in their own process, for benchmarks. The name of an upload contains the
 * time of its end, in ms since 1970, and the id of its media the time of that answer.
 * The parent process receives its address, and for each message its cost.
 */
let polls = 0

const upstream = createServer(({ url = '' }, response) => {
  polls += 1
  const [, upload = '', endsAt] = /(ofapi_media_(\d+)_\d+)\/status$/.exec(url) ?? []
  const now = Date.now()
  response.setHeader('content-type', 'application/json')
  response.end(
    JSON.stringify(
      now < Number(endsAt)
        ? { status: 'processing', prefixed_id: upload }
        : { status: 'completed', prefixed_id: upload, media: { id: now } },
    ),
  )
})

upstream.listen(0, '127.0.0.1', () => {
  const { port } = upstream.address() as AddressInfo
  const relay = createStatusRelay({
    client: createUploadStatusClient({
      baseUrl: `http://127.0.0.1:${String(port)}`,
      apiKey: 'sk_bench',
      schedule: spaced(1_000),
      budget: requestBudget({ perMinute: 1e6 }),
    }),
    authorize: () => true,
    // As much as possible, so that readers that stall cost as much as they can.
    select: status => ({
      ...status,
      ...{ extra: process.argv[2] === 'large' ? 'x'.repeat(16_000) : '' },
    }),
  })
  const server = createServer(nodeListener(relay))
  server.listen(0, '127.0.0.1', () => {
    process.send?.(server.address())
  })
})

process.on('message', () => {
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  process.send?.({ polls, memory: heapUsed + external })
})
process.on('disconnect', () => {
  process.exit()
})
