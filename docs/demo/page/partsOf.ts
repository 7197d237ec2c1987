/** Characters at the end of a long name that stay when it is cut: an extension, a number. */
const tail = 10

const segmenter = new Intl.Segmenter()

/** The part of a name that can be cut, and the end that stays; no character is in both. */
export const partsOf = (name: string): readonly [start: string, end: string] => {
  const characters = Array.from(segmenter.segment(name), ({ segment }) => segment)
  const cut = characters.length > 2 * tail ? characters.length - tail : characters.length
  return [characters.slice(0, cut).join(''), characters.slice(cut).join('')]
}
