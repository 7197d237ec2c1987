// Watches many uploads as one stream, within a budget of requests, and counts them.
import { describe, outcomes, requestBudget, summarize, uploadStatuses$ } from 'rx-upload-status'
import { completed, failed, processing, startSandbox } from 'rx-upload-status/sandbox'
import { last, share } from 'rxjs'

const sandbox = await startSandbox()
const uploads = [
  sandbox.script('acct_1', [processing(), completed()]),
  sandbox.script('acct_1', [processing(), failed('The file is no video.')]),
  { account: 'acct_1', upload: 'ofapi_media_missing' },
]

// At most 600 requests in any minute, and 10 at the same time. Retries count.
const budget = requestBudget({ perMinute: 600, inFlight: 10 })
const all$ = uploadStatuses$(uploads, {
  baseUrl: sandbox.url,
  apiKey: sandbox.apiKey,
  budget,
}).pipe(share())

all$.pipe(outcomes()).subscribe(({ status }) => {
  if (status._tag === 'Left') console.error(describe(status.left))
  else console.log(status.right.status)
})

all$.pipe(summarize(), last()).subscribe(({ completed, failed, unknown }) => {
  console.log(`${completed} completed, ${failed} failed, ${unknown} unknown`)
  void sandbox.close()
})
