// Several parts of a program watch the same upload through one client: it is polled once.
import { createUploadStatusClient, requestBudget, statuses } from 'rx-upload-status'
import { completed, processing, startSandbox } from 'rx-upload-status/sandbox'
import { forkJoin, last, tap } from 'rxjs'

const sandbox = await startSandbox()
const { account, upload } = sandbox.script('acct_1', [processing(), completed()])

// One for the whole program: it holds the key, the budget and the watches.
const client = createUploadStatusClient({
  baseUrl: sandbox.url,
  apiKey: sandbox.apiKey,
  budget: requestBudget({ perMinute: 600 }),
})

/** @param {string} name */
const follow$ = name =>
  client.uploadStatus$(account, upload).pipe(
    statuses(),
    tap(({ status }) => {
      console.log(`${name}: ${status}`)
    }),
    last(),
  )

forkJoin([follow$('log'), follow$('page')]).subscribe(() => {
  console.log(`${sandbox.requests().length} requests`)
  void sandbox.close()
})
