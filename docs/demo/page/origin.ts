/** What an upload is made of: a file, or the URL of one. */
export type Origin = File | string

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** They turn text around: `exe.gpj` would read as `jpg.exe`. */
const bidiControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** What an upload is called: the name of its file, or the last segment of the path of its URL. */
export const nameOf = (origin: Origin): string => {
  const name =
    typeof origin === 'string'
      ? decoded(/([^/?#]+)\/?(?:[?#].*)?$/.exec(origin)?.[1] ?? origin)
      : origin.name
  return name.replace(bidiControls, '')
}
