import type { TerminalStatus } from '../../api/status'
import { refName, type UploadRef } from '../../api/uploadRef'

/** Terminal statuses, by upload. The oldest are dropped first. */
export interface EndCache {
  readonly get: (ref: UploadRef) => TerminalStatus | undefined
  readonly add: (ref: UploadRef, status: TerminalStatus) => void
}

const maxEnds = 1_000

/** The most characters of JSON of all ends together. */
const maxText = 4 * 1_024 * 1_024

const textLength = (status: TerminalStatus): number => {
  try {
    return JSON.stringify(status).length
  } catch {
    // A pushed status may contain values that JSON cannot express, so its size is unknown.
    return Infinity
  }
}

/** Keeps at most 1,000 terminal statuses, and 4 MiB of their JSON text. */
export const endCache = (): EndCache => {
  const ends = new Map<string, { readonly status: TerminalStatus; readonly length: number }>()
  let total = 0

  const remove = (name: string): void => {
    total -= ends.get(name)?.length ?? 0
    ends.delete(name)
  }

  return {
    get: ref => (ends.size === 0 ? undefined : ends.get(refName(ref))?.status),
    add: (ref, status) => {
      const name = refName(ref)
      remove(name)
      const length = textLength(status)
      if (length > maxText) return
      ends.set(name, { status, length })
      total += length
      for (const oldest of ends.keys()) {
        if (ends.size <= maxEnds && total <= maxText) return
        remove(oldest)
      }
    },
  }
}
