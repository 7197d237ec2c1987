// A server that receives the vendor's webhooks, and a client that hardly polls because of it.
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { createUploadStatusClient, statuses } from 'rx-upload-status'
import { processing, startSandbox } from 'rx-upload-status/sandbox'
import { createWebhook, nodeListener } from 'rx-upload-status/webhook'

const secret = 'whsec_example'
const webhook = createWebhook({
  secrets: [secret],
  on: event => {
    console.log(event._tag === 'DeliveryRefused' ? `refused: ${event.reason}` : event._tag)
  },
})
const server = createServer(nodeListener(webhook))

// An upload that would be processed for long.
const sandbox = await startSandbox()
const { account, upload } = sandbox.script('acct_1', [processing()])
const client = createUploadStatusClient({
  baseUrl: sandbox.url,
  apiKey: sandbox.apiKey,
  push: webhook,
})

/** Sends an event, as the vendor does. */
const deliver = async (signedWith = secret) => {
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const body = JSON.stringify({
    event: 'media_uploads.completed',
    account_id: account,
    payload: { status: 'completed', prefixed_id: upload, media: { id: 7 } },
  })
  await fetch(`http://127.0.0.1:${port}/hook`, {
    method: 'POST',
    headers: { Signature: createHmac('sha256', signedWith).update(body).digest('hex') },
    body,
  })
}

server.listen(0, '127.0.0.1', () => {
  client
    .uploadStatus$(account, upload)
    .pipe(statuses())
    .subscribe({
      next: ({ status }) => {
        console.log(status)
        // Once forged, then for real.
        if (status === 'processing') void deliver('guessed').then(() => deliver())
      },
      complete: () => {
        server.close()
        void sandbox.close()
      },
    })
})
