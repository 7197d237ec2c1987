// Uploads a file, and watches the upload until it ends.
import { describe, parsePollingUrl, uploadStatus$ } from 'rx-upload-status'
import { startSandbox } from 'rx-upload-status/sandbox'

// For the real API: your key, your account, and https://app.onlyfansapi.com
const sandbox = await startSandbox()
const { apiKey, url: baseUrl } = sandbox

const body = new FormData()
body.set('file', new Blob(['a film']), 'film.mp4')
body.set('async', 'true')
const response = await fetch(`${baseUrl}/api/acct_1/media/upload`, {
  method: 'POST',
  headers: { authorization: `Bearer ${apiKey}` },
  body,
})
const started = /** @type {{ polling_url: unknown }} */ (await response.json())

const ref = parsePollingUrl(started.polling_url, { baseUrl })
if (ref._tag === 'Left') throw new Error(describe(ref.left))

uploadStatus$(ref.right.account, ref.right.upload, { baseUrl, apiKey }).subscribe({
  next: answer => {
    if (answer._tag === 'Left') console.error(describe(answer.left))
    else console.log(answer.right.status)
  },
  complete: () => void sandbox.close(),
})
