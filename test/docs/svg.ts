/** Escapes a text of an SVG. */
export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** The tags that are not closed, or close nothing; empty for well-formed XML. */
export const unbalancedTags = (svg: string): readonly string[] => {
  const open: string[] = []
  for (const [, slash, name = '', selfClosing] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/gi)) {
    if (selfClosing === '/') continue
    if (slash === '') open.push(name)
    else if (open.pop() !== name) return [`/${name}`]
  }
  return open
}

/** Forbidden in a picture, because it is shown as an image that loads nothing. */
export const forbiddenInPictures = /<script|<image|<foreignObject|@import|url\(|href="[^#]/
