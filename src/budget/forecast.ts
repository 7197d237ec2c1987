import type { PlatformName } from '../api/platformApi'
import { platformNameOf } from '../api/platforms'
import { isTerminal, type UploadStatus } from '../api/status'
import type { ExpectedUpload } from '../api/uploadRef'
import { learnedDurations, type Durations } from './durations'
import type { PolledUpload } from './polledUpload'
import { latenessOf, worthOf } from './worth'

/** Estimates the worth of polls from the durations of past uploads. */
export interface Forecast {
  /** Returns the worth of a poll of an upload at an age, in ms. */
  readonly worth: (upload: PolledUpload, age: number) => number
  /** Call with the status that answered a poll. */
  readonly polled: (upload: PolledUpload, status: UploadStatus) => void
  /** The mean delay, in ms, with which recent ends were detected; 0 if there were none. */
  readonly lateness: () => number
}

/** The approximate number of ends in the mean lateness. */
const recentEnds = 20

/** The estimated durations of the uploads of a platform. */
interface PlatformDurations {
  /** Durations of uploads without a hint, in ms. */
  readonly plain: Durations
  /** Durations of uploads with a hint, as fractions of the hint. */
  readonly hinted: Durations
}

const unknownDurations = (): PlatformDurations => ({
  plain: learnedDurations({ median: 30_000, shape: 1 }),
  hinted: learnedDurations({ median: 1, shape: 3 }),
})

/**
 * Estimates durations for each platform separately. For uploads with a `hint` it estimates the ratio of
 * duration to hint, and so how reliable hints are.
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

  /** Returns the estimated durations for an upload, and their unit in ms. */
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
        durations.survived(...span)
        return
      }
      ends += 1
      lateness += (unit * latenessOf(durations, ...span) - lateness) / Math.min(ends, recentEnds)
      durations.ended(...span)
    },
    lateness: () => lateness,
  }
}
