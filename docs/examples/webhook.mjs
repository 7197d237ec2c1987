// From the vendor's webhook to a page: an event ends the watch at once, and the relay passes it on.
// With --page it prints an address to open in a browser, and runs until Ctrl-C.
import { createServer } from 'node:http'
import { createUploadStatusClient, parseStarted, spaced, statuses } from 'rx-upload-status'
import { createStatusRelay, nodeListener } from 'rx-upload-status/relay'
import { relayedUploadStatus$ } from 'rx-upload-status/relay/client'
import { forged, startSandbox } from 'rx-upload-status/sandbox'
import { createWebhook } from 'rx-upload-status/webhook'

const secret = 'whsec_example'
const isShown = process.argv.includes('--page')
const webhook = createWebhook({
  secrets: [secret],
  on: event => {
    console.log(event._tag === 'DeliveryRefused' ? `refused: ${event.reason}` : event._tag)
  },
})

let page = ''

// One server for all: the vendor sends to /hook, and the page reads /uploads/live.
const hook = nodeListener(webhook)
const server = createServer((request, response) => {
  if (request.url === '/hook') hook(request, response)
  else if (request.url === '/')
    response.setHeader('content-type', 'text/html; charset=utf-8').end(page)
  else live(request, response)
})
await new Promise(resolve => {
  server.listen(0, '127.0.0.1', () => {
    resolve(null)
  })
})
const address = server.address()
const port = address !== null && typeof address === 'object' ? address.port : 0
const url = `http://127.0.0.1:${port}`

// In place of the vendor. Before the event, a stranger claims that the upload failed.
const sandbox = await startSandbox({
  durations: { pending: 0, processing: isShown ? 15_000 : 2_000, spread: 0 },
  webhooks: { url: `${url}/hook`, secret, plan: [forged()] },
})

const client = createUploadStatusClient({
  baseUrl: sandbox.url,
  apiKey: sandbox.apiKey,
  push: webhook,
  // No poll in time, so that the event alone can tell the end. The default would do.
  schedule: spaced(60_000),
})
const live = nodeListener(createStatusRelay({ client, authorize: () => true }))

const response = await fetch(`${sandbox.url}/api/acct_1/media/vault`, {
  method: 'POST',
  headers: { authorization: `Bearer ${sandbox.apiKey}`, 'content-type': 'application/json' },
  body: JSON.stringify({ async: true, file_url: 'https://media.example/clip.mp4' }),
})
const answer = { status: response.status, body: await response.json() }
const started = parseStarted(answer, { baseUrl: sandbox.url })
if (started._tag === 'Left' || started.right._tag === 'Finished') throw new Error('not started')

// What a browser shows. A page of your own would use relayedUploadStatus$, which connects again.
const { account, upload } = started.right.ref
page = `<!doctype html>
<title>Upload</title>
<h1>${upload}: <output>waiting</output></h1>
<script>
  const stream = new EventSource('/uploads/live?ref=${account}/${upload}')
  stream.onmessage = ({ data }) => {
    const { status } = JSON.parse(data)
    const word = status.right?.status ?? status.left._tag
    document.querySelector('output').value = word
    if (!['pending', 'processing'].includes(word)) stream.close()
  }
</script>`
if (isShown) console.log(`open ${url}`)

// The same in this process.
relayedUploadStatus$(`${url}/uploads/live`, account, upload)
  .pipe(statuses())
  .subscribe({
    next: ({ status }) => {
      console.log(status)
    },
    complete: () => {
      const polls = sandbox.requests().filter(({ method }) => method === 'GET')
      console.log(`polls: ${polls.length}`)
      if (isShown) return
      server.close()
      void sandbox.close()
    },
  })
