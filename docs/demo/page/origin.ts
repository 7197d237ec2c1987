/** What an upload is made of: a file, or the URL of one. */
export type Origin = File | string

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/**
 * Format characters, which cannot be seen. Some turn text around: `exe.gpj` would read as `jpg.exe`. Not
 * the two joiners, which emoji and Persian words need.
 */
const unseen = /(?![\u200c\u200d])\p{Cf}/gu

const visible = (name: string): string =>
  name
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(unseen, '')
    .trim()

/** What an upload is called: the name of its file, or the last segment of the path of its URL. */
export const nameOf = (origin: Origin): string => {
  if (typeof origin !== 'string') return visible(origin.name) || 'A file without a name'
  const segment = /([^/?#]+)\/?(?:[?#].*)?$/.exec(origin)?.[1] ?? origin
  return visible(decoded(segment)) || origin
}
