import { isRecord } from '../api/parseJson'

/** The error that the others were caused by. Causes may go in a circle. */
export const rootOf = (error: unknown, depth = 0): unknown =>
  isRecord(error) && isRecord(error['cause']) && depth < 8
    ? rootOf(error['cause'], depth + 1)
    : error

/** What engines and fetches say of a call that is wrong, in Chromium, Firefox, Safari, Hermes, workerd. */
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
 * Whether a call was wrong, so that no network is to blame: a bug, ours or that of the caller's own
 * `fetch`.
 *
 * Browsers reject with a `TypeError` in both cases, and name the network in words that differ from
 * engine to engine and from language to language. So a `TypeError` is a bug only where its message
 * is one of those that engines have for bugs.
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
