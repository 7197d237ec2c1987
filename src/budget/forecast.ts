import type { PlatformName } from '../api/platformApi'
import { platformNameOf } from '../api/platforms'
import { isTerminal, type UploadStatus } from '../api/status'
import type { ExpectedUpload } from '../api/uploadRef'
import { learnedDurations, type Durations } from './durations'
import type { PolledUpload } from './polledUpload'
import { latenessOf, worthOf } from './worth'

/** Says what polls are worth, by how long uploads took so far. */
export interface Forecast {
  /** What a poll of an upload is worth at an age, in ms. */
  readonly worth: (upload: PolledUpload, age: number) => number
  /** A poll was answered with this status. */
  readonly polled: (upload: PolledUpload, status: UploadStatus) => void
  /** How late the last ends were noticed, in ms in the mean; 0 if there were none. */
  readonly lateness: () => number
}

/** The mean lateness follows the last ends, about this many. */
const recentEnds = 20

/** What is known of the uploads of a platform. */
interface PlatformDurations {
  /** In ms. */
  readonly plain: Durations
  /** As parts of their hints. */
  readonly hinted: Durations
}

const unknownDurations = (): PlatformDurations => ({
  plain: learnedDurations({ median: 30_000, shape: 1 }),
  hinted: learnedDurations({ median: 1, shape: 3 }),
})

/**
 * Learns the durations of each platform by themselves. Where uploads have a `hint` it learns how they
 * compare with their hints, and so how far hints can be trusted.
 */
export const forecast = (): Forecast => {
  const byPlatform = new Map<PlatformName, PlatformDurations>()
  let lateness = 0
  let ends = 0

  const durationsOf = (name: PlatformName): PlatformDurations => {
    const known = byPlatform.get(name) ?? unknownDurations()
    byPlatform.set(name, known)
    return known
  }

  /** The durations of uploads of a kind, and the ms of their unit. */
  const kindOf = ({ upload, hint = 0 }: ExpectedUpload): readonly [Durations, number] => {
    const { plain, hinted } = durationsOf(platformNameOf(upload))
    return hint > 0 ? [hinted, hint] : [plain, 1]
  }

  return {
    worth: ({ ref, knownAge }, age) => {
      const [durations, unit] = kindOf(ref)
      return unit * worthOf(durations, knownAge / unit, age / unit)
    },
    polled: ({ ref, knownAge, age }, status) => {
      const [durations, unit] = kindOf(ref)
      const span = [knownAge / unit, age / unit] as const
      if (!isTerminal(status)) {
        durations.wentOn(...span)
        return
      }
      ends += 1
      lateness += (unit * latenessOf(durations, ...span) - lateness) / Math.min(ends, recentEnds)
      durations.ended(...span)
    },
    lateness: () => lateness,
  }
}
