import { createHash } from 'node:crypto'

/**
 * Returns 64 hex digits that depend only on the seed and the label. A draw has a label and no
 * position in a sequence, so the draws of one upload do not depend on the other uploads.
 */
export const seededHex = (seed: number, label: string): string =>
  createHash('sha256')
    .update(`${String(seed)}/${label}`)
    .digest('hex')

/** Returns a number in [0, 1) that depends on the seed and the label alone; 52 bits of it. */
export const seededFraction = (seed: number, label: string): number =>
  Number.parseInt(seededHex(seed, label).slice(0, 13), 16) / 2 ** 52
