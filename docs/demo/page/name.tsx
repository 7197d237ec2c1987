/** Characters at the end of a long name that stay when it is cut: an extension, a number. */
const tail = 10

/** The name of an upload. Where there is no room, it is cut in the middle. */
export const Name = ({ name }: { readonly name: string }) => {
  const characters = Array.from(name)
  const cut = characters.length > 2 * tail ? characters.length - tail : characters.length
  return (
    <h3 title={name} aria-label={name}>
      <bdi>
        <span>{characters.slice(0, cut).join('')}</span>
        {characters.slice(cut).join('')}
      </bdi>
    </h3>
  )
}
