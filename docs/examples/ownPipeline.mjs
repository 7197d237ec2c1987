// A pipeline of one's own, from the stages of uploadStatus$.
import {
  describe,
  exponential,
  fetchStatus$,
  repeatOnSchedule,
  retryTransient,
  untilTerminal,
} from 'rx-upload-status'
import { completed, html, pending, processing, startSandbox } from 'rx-upload-status/sandbox'
import { distinctUntilChanged, tap } from 'rxjs'

const sandbox = await startSandbox()
const { account, upload } = sandbox.script('acct_1', [
  pending(),
  html(502), // a bad gateway: retried
  processing(),
  processing(),
  completed(),
])

fetchStatus$(account, upload, { baseUrl: sandbox.url, apiKey: sandbox.apiKey })
  .pipe(
    tap(answer => {
      if (answer._tag === 'Left') console.log('attempt failed:', answer.left._tag)
    }),
    retryTransient({ retries: 3, base: 100, cap: 1_000 }),
    repeatOnSchedule(exponential({ first: 100, factor: 2, cap: 5_000 })),
    untilTerminal(),
    distinctUntilChanged(
      (a, b) => a._tag === 'Right' && b._tag === 'Right' && a.right.status === b.right.status,
    ),
  )
  .subscribe({
    next: answer => {
      if (answer._tag === 'Left') console.error(describe(answer.left))
      else console.log(answer.right.status)
    },
    complete: () => void sandbox.close(),
  })
