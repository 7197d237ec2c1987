import { UploadStatus } from 'rx-upload-status'
import { mediaOf } from '../../src/sandbox/media'
import { inTurns, type Figures } from './rounds'
import { printTable } from './table'
import { NaiveStatus } from './naiveStatus'

/** What it takes to read each kind of answer, which was parsed already, and to parse it. */
const upload = 'ofapi_media_01JR1234'
const media = (endpoint: 'vault' | 'upload') =>
  mediaOf({ seed: 1, upload, endpoint, fileName: 'teaser.mp4', createdAt: 0 })

const answers: Readonly<Record<string, unknown>> = {
  pending: { status: 'pending', prefixed_id: upload },
  processing: { status: 'processing', prefixed_id: upload },
  'completed, vault': { status: 'completed', prefixed_id: upload, media: media('vault') },
  'completed, CDN': { status: 'completed', prefixed_id: upload, media: media('upload') },
  failed: { status: 'failed', prefixed_id: upload, error: 'The file could not be read.' },
}

const times = 40_000

/** Nanoseconds of one call. */
const nanoseconds = (work: () => void): number => {
  for (let i = 0; i < times; i += 1) work()
  const start = process.cpuUsage()
  for (let i = 0; i < times; i += 1) work()
  const { user, system } = process.cpuUsage(start)
  return ((user + system) * 1_000) / times
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
