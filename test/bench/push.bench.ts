import { createHmac } from 'node:crypto'
import { Subject } from 'rxjs'
import { spaced, UploadStatus, uploadStatuses$, type PushedStatus } from 'rx-upload-status'
import { createWebhook } from 'rx-upload-status/webhook'
import { eventBody } from '../../src/sandbox/webhooks/eventBody'
import { onlyfans } from '../../src/sandbox/platform/onlyfansAnswers'
import { lightFetch } from './fakeFetch'
import { inTurns, type Figures } from './rounds'
import { printTable } from './table'

/** The cost of a push, from a webhook to a watch, and of a delivery, from its bytes to its 204. */
const watches = 100_000
const account = 'acct_1'
const uploadOf = (nth: number): string => `ofapi_media_${String(nth)}`

const statusOf = (upload: string) => ({
  status: 'completed' as const,
  prefixed_id: upload,
  ...onlyfans.completed({
    account,
    upload,
    endpoint: 'vault',
    fileName: 'teaser.mp4',
    createdAt: 0,
    creditsUsed: 3,
    hex: () => '0123456789abcdef'.repeat(4),
  }),
})

/** Microseconds of CPU, and of time, that a call takes. */
const perCall = async (calls: number, work: (nth: number) => unknown): Promise<Figures> => {
  const [cpu, start] = [process.cpuUsage(), performance.now()]
  for (let nth = 0; nth < calls; nth += 1) await work(nth)
  const { user, system } = process.cpuUsage(cpu)
  return {
    'µs of CPU': (user + system) / calls,
    'µs of time': ((performance.now() - start) * 1_000) / calls,
  }
}

/** Each push ends another watch. */
const push = async (): Promise<Figures> => {
  const statuses$ = new Subject<PushedStatus>()
  let [polled, ended] = [0, 0]
  const all = new Promise<void>(resolve => {
    uploadStatuses$(
      Array.from({ length: watches }, (_, nth) => ({ account, upload: uploadOf(nth) })),
      {
        baseUrl: 'http://localhost',
        apiKey: 'key',
        fetch: lightFetch,
        schedule: spaced(3_600_000),
        push: { statuses$ },
      },
    ).subscribe(({ status }) => {
      if (status._tag === 'Right' && status.right.status === 'completed') ended += 1
      else if ((polled += 1) === watches) resolve()
    })
  })
  await all
  const pushes = 20_000
  const ends = Array.from({ length: pushes }, (_, nth): PushedStatus => {
    const upload = uploadOf(nth * 5)
    const status = UploadStatus.decode(statusOf(upload))
    if (status._tag === 'Left') throw new Error('the status is malformed')
    return { account, upload, status: status.right }
  })
  const figures = await perCall(pushes, nth => {
    const end = ends[nth]
    if (end !== undefined) statuses$.next(end)
  })
  if (ended !== pushes) throw new Error(`${String(ended)} of ${String(pushes)} pushes arrived`)
  return figures
}

/** Signed deliveries one after the other, as a host passes them on. */
const delivery = async (): Promise<Figures> => {
  const secret = 'whsec_0123456789abcdef'
  const webhook = createWebhook({ secrets: [secret] })
  const requests = Array.from({ length: 6_000 }, (_, nth) => {
    const body = eventBody(statusOf(uploadOf(nth)), account, 'completed', 'sdk', 0)
    const signature = createHmac('sha256', secret).update(body).digest('hex')
    return new Request('http://localhost/hook', { method: 'POST', headers: { signature }, body })
  })
  const deliver = async (nth: number): Promise<void> => {
    const request = requests[nth]
    if (request !== undefined && (await webhook(request)).status !== 204)
      throw new Error('a delivery was refused')
  }
  // Warms up until the code is compiled.
  await perCall(1_000, deliver)
  return perCall(5_000, nth => deliver(1_000 + nth))
}

const first = `a push to ${watches.toLocaleString('en')} watches`

printTable(
  'CPU and time of a push, and of a delivery',
  first,
  await inTurns(3, { [first]: push, 'a delivery': delivery }),
)
