/** The beginning of a text, with an ellipsis where it was longer than `width` characters. */
export const cut = (text: string, width: number): string => {
  const characters = Array.from(text)
  if (characters.length <= width) return text
  return width < 1 ? '' : `${characters.slice(0, width - 1).join('')}…`
}

/** Both ends of a text, more of the latter: ids begin alike, and differ at their ends. */
export const shorten = (text: string, width: number): string => {
  const characters = Array.from(text)
  if (characters.length <= width || width < 3) return cut(text, width)
  const head = Math.floor((width - 1) / 3)
  const tail = width - 1 - head
  return `${characters.slice(0, head).join('')}…${characters.slice(-tail).join('')}`
}
