/**
 * The length of the shortest key that is redacted. A shorter one could be a word in ordinary answers
 * (`id`, `media`), which would be damaged; and such a short key is no secret.
 */
const minLength = 16

const percentEncoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*~]/g, letter => `%${letter.charCodeAt(0).toString(16)}`)

const jsonEscaped = (text: string): string => JSON.stringify(text).slice(1, -1)

/** The forms in which a server may quote a key: verbatim, URL-encoded, and JSON-escaped. */
const formsOf = (key: string): readonly string[] => [
  key,
  encodeURIComponent(key),
  percentEncoded(key),
  jsonEscaped(key),
  jsonEscaped(key).replaceAll('/', '\\/'),
]

// Nearly every request has the same key as the previous one.
let latest: { readonly key: string; readonly pattern: RegExp } | null = null

/** Matches a key in upper and lower case, because URLs write host names in lower case. */
const patternOf = (key: string): RegExp => {
  if (latest?.key !== key) {
    const forms = [...new Set(formsOf(key))].map(form => form.replace(/\W/g, '\\$&'))
    latest = { key, pattern: new RegExp(forms.join('|'), 'gi') }
  }
  return latest.pattern
}

/**
 * Replaces the key with `[key]` in a text from the server or `fetch`. A key shorter than 16 characters
 * is not redacted.
 *
 * @param ids the requested ids; they are never changed, even if one contains the key
 */
export const redactor = (
  key: string | null,
  ids: readonly string[] = [],
): ((text: string) => string) => {
  if (key === null || key.length < minLength) return text => text
  const pattern = patternOf(key)
  const kept = ids.filter(id => id.search(pattern) >= 0)
  if (kept.length === 0) return text => text.replace(pattern, '[key]')
  const either = new RegExp(`(${kept.join('|')})|${pattern.source}`, 'gi')
  return text => text.replace(either, (_, id?: string) => id ?? '[key]')
}
