import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { readFile } from 'node:fs/promises'
import { parsePollingUrl } from '../../api/endpoint'
import type { UploadRef } from '../../api/uploadRef'
import {
  apiError,
  completed,
  cut,
  html,
  pending,
  processing,
  sandboxAccount,
  times,
  type Endpoint,
  type Sandbox,
  type Scenario,
} from '../../sandbox'
import { uploadPath } from '../../sandbox/http/route'

/** One upload of the demo. */
export interface DemoUpload {
  readonly fileName: string
  readonly endpoint: Endpoint
  readonly from: 'file' | 'file_url'
  /** The sandbox's answers to its polls. Without a scenario, the answers depend on the time. */
  readonly scenario?: Scenario
  /** The description for the viewer. */
  readonly story: string
}

/** How long uploads without a scenario take, in milliseconds. */
export const demoDurations = { pending: 2_500, processing: 7_000 }

/** The sandbox lets every upload with "fail" in its file name fail. */
export const expectedFailure = 'fails-on-purpose.mov'

export const demoUploads: readonly DemoUpload[] = [
  {
    fileName: 'from-disk.jpg',
    endpoint: 'upload',
    from: 'file',
    story: 'A real file (this program itself), sent as a multipart form.',
  },
  {
    fileName: 'trailer.mp4',
    endpoint: 'vault',
    from: 'file_url',
    story: 'Sent as a URL. Nothing got in its way.',
  },
  {
    fileName: 'bad-gateway.mp4',
    endpoint: 'vault',
    from: 'file_url',
    scenario: [pending(), times(2, html(502)), times(5, processing()), completed()],
    story: 'Two polls met an HTML page with status 502, as gateways send. They were retried.',
  },
  {
    fileName: 'cut-short.gif',
    endpoint: 'vault',
    from: 'file_url',
    scenario: [
      pending(),
      processing(),
      cut(processing(), { by: 'reset' }),
      times(4, processing()),
      completed(),
    ],
    story: 'One answer broke off in its middle. The poll was retried.',
  },
  {
    fileName: 'too-many.mp3',
    endpoint: 'vault',
    from: 'file_url',
    scenario: [
      pending(),
      processing(),
      apiError(429, 'Too many requests.', { headers: { 'retry-after': '2' } }),
      times(3, processing()),
      completed(),
    ],
    story: 'One poll was over the rate limit (429). All six waited the 2 s that it asked for.',
  },
  {
    fileName: expectedFailure,
    endpoint: 'vault',
    from: 'file_url',
    story: 'On purpose. A failed upload is an answer like any other: the watch ended well.',
  },
]

/** The scenarios, by file name. */
export const demoScenarios: Readonly<Record<string, Scenario>> = Object.fromEntries(
  demoUploads.flatMap(({ fileName, scenario }) =>
    scenario === undefined ? [] : [[fileName, scenario] as const],
  ),
)

const Accepted = t.type({ polling_url: t.string })

/** Starts an upload like any client: a POST, whose answer has the polling URL. */
export const startDemoUpload = async (
  { url, apiKey }: Sandbox,
  { fileName, endpoint, from }: DemoUpload,
  file: string,
): Promise<UploadRef> => {
  const form = new FormData()
  form.set('async', 'true')
  if (from === 'file') form.set('file', new Blob([await readFile(file)]), fileName)
  else form.set('file_url', `https://media.example/${fileName}`)
  const response = await fetch(url + uploadPath(sandboxAccount, endpoint), {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}` },
    body: form,
  })
  const accepted = Accepted.decode(await response.json())
  const ref = E.isLeft(accepted)
    ? accepted
    : parsePollingUrl(accepted.right.polling_url, { baseUrl: url })
  if (E.isRight(ref)) return ref.right
  throw new Error(`the sandbox refused ${fileName} (HTTP ${String(response.status)})`)
}
