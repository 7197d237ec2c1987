/**
 * Characters of the shortest key that is redacted. A shorter one could be a word of ordinary answers
 * (`id`, `media`), which would be damaged; and a key that short is no secret.
 */
const shortest = 16

const percentEncoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*~]/g, letter => `%${letter.charCodeAt(0).toString(16)}`)

const jsonEscaped = (text: string): string => JSON.stringify(text).slice(1, -1)

/** A key as servers write it: as it is, in a URL, and in JSON within a text. */
const formsOf = (key: string): readonly string[] => [
  key,
  encodeURIComponent(key),
  percentEncoded(key),
  jsonEscaped(key),
  jsonEscaped(key).replaceAll('/', '\\/'),
]

// Nearly always it is the key of the request before.
let latest: { readonly key: string; readonly pattern: RegExp } | null = null

/** Finds a key in either case, because a URL writes host names in lower case. */
const patternOf = (key: string): RegExp => {
  if (latest?.key !== key) {
    const forms = [...new Set(formsOf(key))].map(form => form.replace(/\W/g, '\\$&'))
    latest = { key, pattern: new RegExp(forms.join('|'), 'gi') }
  }
  return latest.pattern
}

/**
 * Replaces the key by `[key]` in a text that the server or `fetch` wrote. A key shorter than 16
 * characters is not redacted.
 *
 * @param ids the ids that were asked for; they stay as they are, even if the key is part of one
 */
export const redactor = (
  key: string | null,
  ids: readonly string[] = [],
): ((text: string) => string) => {
  if (key === null || key.length < shortest) return text => text
  const pattern = patternOf(key)
  const kept = ids.filter(id => id.search(pattern) >= 0)
  if (kept.length === 0) return text => text.replace(pattern, '[key]')
  const either = new RegExp(`(${kept.join('|')})|${pattern.source}`, 'gi')
  return text => text.replace(either, (_, id?: string) => id ?? '[key]')
}
