import type { UploadStatus } from 'rx-upload-status'
import { pick, type Draw } from './draw'

/**
 * The outcome of an upload. Its name contains it, so the server and the checks need to share nothing else.
 */
export interface Fate {
  readonly end: 'completed' | 'failed' | 'never'
  /** Milliseconds from the first request to `processing`, and from there to the end. */
  readonly pendingFor: number
  readonly processingFor: number
  /** The server never damages the answers of a calm upload. */
  readonly isCalm: boolean
}

const digits = (value: number, length: number): string => String(value).padStart(length, '0')

/** The name of an upload. All are equally long, so that cached ones have the same size. */
export const nameOf = (
  round: number,
  nth: number,
  { end, pendingFor, processingFor, isCalm }: Fate,
): string =>
  [
    digits(round, 6),
    digits(nth, 4),
    end.padEnd(9, '-'),
    digits(pendingFor, 5),
    digits(processingFor, 5),
    isCalm ? 'calm' : 'wild',
  ].join('_')

const form = /^\d+_\d+_(completed|failed|never)-*_(\d+)_(\d+)_(calm|wild)$/

/** Parses a name; null if it is not one of ours. */
export const fateOf = (upload: string): Fate | null => {
  const [, end, pendingFor, processingFor, kind] = form.exec(upload) ?? []
  return end === 'completed' || end === 'failed' || end === 'never'
    ? {
        end,
        pendingFor: Number(pendingFor),
        processingFor: Number(processingFor),
        isCalm: kind === 'calm',
      }
    : null
}

/** The status of an upload this many milliseconds after its first request. */
export const statusAt = (
  { end, pendingFor, processingFor }: Fate,
  age: number,
): UploadStatus['status'] => {
  if (age < pendingFor) return 'pending'
  return end === 'never' || age < pendingFor + processingFor ? 'processing' : end
}

/** A fate, at random; most uploads end soon. */
export const drawFate = (draw: Draw, who: string): Fate => {
  const isCalm = draw(`${who} calm`) < 0.3
  return {
    end: isCalm
      ? pick(draw, `${who} end`, ['completed', 'failed'])
      : pick(draw, `${who} end`, ['completed', 'completed', 'completed', 'failed', 'never']),
    pendingFor: Math.floor(600 * draw(`${who} pending`)),
    processingFor: Math.floor(900 * draw(`${who} processing`)),
    isCalm,
  }
}
