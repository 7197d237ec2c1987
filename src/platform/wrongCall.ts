import { isRecord } from '../api/parseJson'

/** Returns the innermost cause of an error. Causes may be circular. */
export const rootOf = (error: unknown, depth = 0): unknown =>
  isRecord(error) && isRecord(error['cause']) && depth < 8
    ? rootOf(error['cause'], depth + 1)
    : error

/** Messages of Chromium, Firefox, Safari, Hermes and workerd for a wrong call of `fetch`. */
const wrongCall = new RegExp(
  [
    'is not (?:an? |iterable|of type)',
    '\\b(?:is|of) (?:undefined|null)\\b',
    "^(?:Cannot|can't) (?:read|set|access|convert|destructure|assign)",
    '^Failed to (?:execute|construct|parse|read) ',
    '^(?:Request|Headers|Response)(?:Init)?\\b.*[:.]',
    '^Invalid (?:header|redirect|URL)',
    '^Illegal |^Can only call |\\.fetch: ',
    'does not implement interface|cannot have (?:a )?body',
    'already (?:been )?(?:read|consumed|used)|disturbed|locked',
  ].join('|'),
)

/**
 * Whether an error is a bug (ours, or in the caller's own `fetch`) and not a network failure.
 *
 * Browsers reject with a `TypeError` in both cases, and the messages for network failures differ by
 * engine and language. So a `TypeError` is a bug only if its message is a known one for bugs.
 */
export const isWrongCall = (error: unknown): boolean => {
  const root = rootOf(error)
  if (!isRecord(root)) return false
  const { name, message } = root
  return (
    name === 'ReferenceError' ||
    (name === 'TypeError' && typeof message === 'string' && wrongCall.test(message))
  )
}
