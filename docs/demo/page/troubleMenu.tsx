import { useEffect, useRef, type KeyboardEvent } from 'react'
import { offers } from './offers'

/** A menu of trouble. Escape, leaving it, or a click beside it closes it. */
export const TroubleMenu = ({ onPick }: { readonly onPick: (url: string) => void }) => {
  const menu = useRef<HTMLDetailsElement>(null)
  const close = (): void => {
    menu.current?.removeAttribute('open')
  }
  useEffect(() => {
    const closeBeside = ({ target }: PointerEvent): void => {
      if (target instanceof Node && menu.current?.contains(target) === false) close()
    }
    document.addEventListener('pointerdown', closeBeside)
    return () => {
      document.removeEventListener('pointerdown', closeBeside)
    }
  }, [])
  const closeOnEscape = ({ key }: KeyboardEvent): void => {
    if (key !== 'Escape') return
    close()
    menu.current?.querySelector('summary')?.focus()
  }
  return (
    <details
      className="trouble"
      ref={menu}
      onKeyDown={closeOnEscape}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (relatedTarget !== null && !currentTarget.contains(relatedTarget)) close()
      }}
    >
      <summary>Add trouble</summary>
      <ul>
        {offers.map(([fileName, title, story]) => (
          <li key={fileName}>
            <button
              type="button"
              onClick={() => {
                onPick(`https://media.example/${fileName}`)
                close()
              }}
            >
              <strong>{title}</strong>
              <span>{story}</span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  )
}
