import { createHash } from 'node:crypto'

/**
 * 64 hex digits that a seed and a label stand for: the same on every machine, in every order of
 * asking. Draws are named, not taken from a sequence, so one upload's course never depends on how
 * many others there are.
 */
export const seededHex = (seed: number, label: string): string =>
  createHash('sha256')
    .update(`${String(seed)}/${label}`)
    .digest('hex')

/** A number in [0, 1) that a seed and a label stand for; 52 bits of it. */
export const seededFraction = (seed: number, label: string): number =>
  Number.parseInt(seededHex(seed, label).slice(0, 13), 16) / 2 ** 52
