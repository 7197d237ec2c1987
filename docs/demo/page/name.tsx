import { partsOf } from './partsOf'

/** The name of an upload. Where there is no room, it is cut in the middle. */
export const Name = ({ name }: { readonly name: string }) => {
  const [start, end] = partsOf(name)
  return (
    <h3 title={name} aria-label={name}>
      <bdi>
        <span>{start}</span>
        {end}
      </bdi>
    </h3>
  )
}
