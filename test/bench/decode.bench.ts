import { UploadStatus } from 'rx-upload-status'
import { onlyfans } from '../../src/sandbox/platform/onlyfansAnswers'
import { inTurns, type Figures } from './rounds'
import { printTable } from './table'
import { NaiveStatus } from './naiveStatus'

/** The cost of decoding each kind of parsed answer, and of parsing it. */
const upload = 'ofapi_media_01JR1234'
const media = (endpoint: 'vault' | 'upload'): unknown =>
  onlyfans.completed({
    account: 'acct_1',
    upload,
    endpoint,
    fileName: 'teaser.mp4',
    createdAt: 0,
    creditsUsed: 3,
    hex: () => '0123456789abcdef'.repeat(4),
  })['media']

const answers: Readonly<Record<string, unknown>> = {
  pending: { status: 'pending', prefixed_id: upload },
  processing: { status: 'processing', prefixed_id: upload },
  'completed, vault': { status: 'completed', prefixed_id: upload, media: media('vault') },
  'completed, CDN': { status: 'completed', prefixed_id: upload, media: media('upload') },
  failed: { status: 'failed', prefixed_id: upload, error: 'The file could not be read.' },
}

/** Nanoseconds per call, over enough calls for a clock of 10 ms. */
const nanoseconds = (work: () => void): number => {
  for (let i = 0; i < 50_000; i += 1) work()
  const start = process.cpuUsage()
  for (let calls = 1; ; calls += 1) {
    work()
    if (calls % 10_000 > 0) continue
    const { user, system } = process.cpuUsage(start)
    if (user + system > 300_000) return ((user + system) * 1_000) / calls
  }
}

const measure =
  <A>(given: (answer: unknown) => A, read: (given: A) => unknown) =>
  (): Promise<Figures> =>
    Promise.resolve(
      Object.fromEntries(
        Object.entries(answers).map(([name, answer]) => {
          const input = given(answer)
          return [name, nanoseconds(() => read(input))]
        }),
      ),
    )

const asItIs = (answer: unknown): unknown => answer

printTable(
  'CPU of decoding a status, in nanoseconds',
  'UploadStatus',
  await inTurns(5, {
    UploadStatus: measure(asItIs, answer => UploadStatus.decode(answer)),
    'a naive union of five': measure(asItIs, answer => NaiveStatus.decode(answer)),
    'JSON.parse, for comparison': measure(JSON.stringify, JSON.parse),
  }),
)
