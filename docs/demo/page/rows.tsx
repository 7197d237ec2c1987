import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { Entry } from './entry'

interface Props {
  readonly entries: readonly Entry[]
  readonly row: (entry: Entry) => ReactNode
}

/** From so many rows on, those far from the screen are not rendered. */
const many = 200

/** Rows that are rendered together. */
const chunkSize = 25

/** The height of a row in pixels, before it was rendered. */
const usualHeight = 43

/** Counted from the end, so that a row stays in its chunk while new ones come before it. */
const chunksOf = (entries: readonly Entry[]): readonly (readonly Entry[])[] => {
  const first = entries.length % chunkSize || chunkSize
  const count = Math.ceil(entries.length / chunkSize)
  return Array.from({ length: count }, (_, nth) =>
    nth === 0
      ? entries.slice(0, first)
      : entries.slice(first + (nth - 1) * chunkSize, first + nth * chunkSize),
  )
}

/** The rows of the board. Of many, those near the screen are rendered, and the one with the focus. */
export const Rows = ({ entries, row }: Props) => {
  if (entries.length < many) return <ol className="uploads">{entries.map(row)}</ol>
  const chunks = chunksOf(entries)
  return (
    <div className="uploads">
      {chunks.map((chunk, nth) => (
        <Chunk
          key={chunks.length - nth}
          entries={chunk}
          row={row}
          first={nth === 0 ? 1 : 1 + entries.length - (chunks.length - nth) * chunkSize}
        />
      ))}
    </div>
  )
}

const Chunk = ({ entries, row, first }: Props & { readonly first: number }) => {
  const list = useRef<HTMLOListElement>(null)
  const height = useRef<number | null>(null)
  const [isNear, setIsNear] = useState(first === 1)
  useEffect(() => {
    const element = list.current
    if (element === null) return
    const observer = new IntersectionObserver(
      ([change]) => {
        if (change === undefined) return
        const hasFocus = element.contains(document.activeElement)
        if (!change.isIntersecting && !hasFocus) height.current = change.boundingClientRect.height
        setIsNear(change.isIntersecting || hasFocus)
      },
      { rootMargin: '50% 0px' },
    )
    observer.observe(element)
    return () => {
      observer.disconnect()
    }
  }, [])
  const last = first + entries.length - 1
  return (
    <ol
      ref={list}
      aria-label={`Uploads ${String(first)} to ${String(last)}`}
      style={isNear ? undefined : { height: height.current ?? entries.length * usualHeight }}
    >
      {isNear ? entries.map(row) : <li className="hidden">Rendered when it is near</li>}
    </ol>
  )
}
