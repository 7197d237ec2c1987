// A server that polls with the key, and relays statuses to pages that have none.
import { createServer } from 'node:http'
import { createUploadStatusClient, statuses } from 'rx-upload-status'
import { createStatusRelay, nodeListener } from 'rx-upload-status/relay'
import { relayedUploadStatus$ } from 'rx-upload-status/relay/client'
import { completed, processing, startSandbox } from 'rx-upload-status/sandbox'

const sandbox = await startSandbox()
const { account, upload } = sandbox.script('acct_1', [processing(), completed()])

// The server. A real one would look the session up.
const relay = createStatusRelay({
  client: createUploadStatusClient({ baseUrl: sandbox.url, apiKey: sandbox.apiKey }),
  authorize: (request, ref) => request.headers.get('cookie') === `session-of=${ref.account}`,
})
const server = createServer(nodeListener(relay))
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0

  // The page. There the URL may be relative, and the browser sends the cookie.
  relayedUploadStatus$(`http://127.0.0.1:${port}/uploads/live`, account, upload, {
    headers: { cookie: 'session-of=acct_1' },
  })
    .pipe(statuses())
    .subscribe({
      next: ({ status }) => {
        console.log(status)
      },
      complete: () => {
        server.close()
        void sandbox.close()
      },
    })
})
