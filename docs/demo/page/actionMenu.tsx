import { useLayoutEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import { actionTitles, type Action } from './actions'

interface Props {
  /** The name of what the actions are done to. */
  readonly name: string
  readonly actions: readonly Action[]
  readonly onPick: (action: Action) => void
}

/** A button, and the menu that it opens. Afterwards the focus is on the button again. */
export const ActionMenu = ({ name, actions, onPick }: Props) => {
  const [isOpen, setIsOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  return (
    <div className="actions">
      <button
        ref={button}
        type="button"
        className="more"
        aria-label={`Actions for ${name}`}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => {
          setIsOpen(true)
        }}
      />
      {isOpen && (
        <Menu
          {...{ name, actions, button }}
          onClose={action => {
            setIsOpen(false)
            if (action === undefined) return
            button.current?.focus()
            onPick(action)
          }}
        />
      )}
    </div>
  )
}

interface MenuProps extends Omit<Props, 'onPick'> {
  readonly button: RefObject<HTMLElement | null>
  readonly onClose: (picked?: Action) => void
}

/** Pixels between the menu and what is around it. */
const gap = 4

/** Below its button, or above it where there is no room. */
const placeAt = (menu: HTMLElement, button: HTMLElement): void => {
  const anchor = button.getBoundingClientRect()
  const { width, height } = menu.getBoundingClientRect()
  const isRtl = getComputedStyle(button).direction === 'rtl'
  const left = isRtl ? anchor.left : anchor.right - width
  const hasRoom = anchor.bottom + gap + height <= innerHeight
  const top = hasRoom ? anchor.bottom + gap : anchor.top - gap - height
  menu.style.left = `${String(Math.max(gap, Math.min(left, innerWidth - width - gap)))}px`
  menu.style.top = `${String(Math.max(gap, top))}px`
}

const steps: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at - 1 + count) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
}

const itemsIn = (menu: HTMLElement): readonly HTMLElement[] => [
  ...menu.querySelectorAll<HTMLElement>('[role=menuitem]'),
]

const Menu = ({ name, actions, button, onClose }: MenuProps) => {
  const menu = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (menu.current === null || button.current === null) return
    menu.current.showPopover()
    placeAt(menu.current, button.current)
    itemsIn(menu.current)[0]?.focus()
  }, [button])
  const move = (event: KeyboardEvent<HTMLDivElement>): void => {
    const items = itemsIn(event.currentTarget)
    const step = steps[event.key]
    if (step !== undefined) {
      event.preventDefault()
      items[
        step(
          items.findIndex(item => item === document.activeElement),
          items.length,
        )
      ]?.focus()
    } else if (event.key === 'Tab') {
      // On to what comes after the button.
      button.current?.focus()
      menu.current?.hidePopover()
    }
  }
  return (
    <div
      ref={menu}
      // Escape, and a click beside it, close it.
      popover="auto"
      role="menu"
      className="menu"
      aria-label={`Actions for ${name}`}
      onKeyDown={move}
      onToggle={({ newState }) => {
        if (newState === 'closed') onClose()
      }}
    >
      {actions.map(action => (
        <button
          key={action}
          type="button"
          role="menuitem"
          tabIndex={-1}
          onClick={() => {
            onClose(action)
          }}
        >
          {actionTitles[action]}
        </button>
      ))}
    </div>
  )
}
