import {
  apiError,
  completed,
  cut,
  html,
  pending,
  processing,
  times,
  type Endpoint,
  type Scenario,
} from '../../sandbox'

/** One upload of the demo. */
export interface DemoUpload {
  readonly fileName: string
  readonly endpoint: Endpoint
  readonly from: 'file' | 'file_url'
  /** What the sandbox answers to its polls; without one it goes by the clock. */
  readonly scenario?: Scenario
  /** What there is to see. */
  readonly story: string
}

/** How long the uploads without a scenario take; milliseconds. */
export const demoDurations = { pending: 2_500, processing: 7_000 }

/** Fails because of its name; that is the sandbox's rule. */
export const failsOnPurpose = 'fails-on-purpose.mov'

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
    fileName: failsOnPurpose,
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
