const menuBeside = ({ nextSibling, previousSibling }: MutationRecord): HTMLElement | null =>
  [nextSibling, previousSibling]
    .flatMap(node => (node instanceof Element && node.isConnected ? [node] : []))
    .map(node => node.querySelector<HTMLElement>('.more'))
    .find(menu => menu !== null) ?? null

/**
 * When the element that has the focus is removed, moves the focus to the row beside it; else to the
 * first filter, or where uploads are started. The browser would start again at the top of the page.
 */
export const keepFocus = (page: HTMLElement): void => {
  let last: EventTarget | null = null
  page.addEventListener('focusin', ({ target }) => {
    last = target
  })
  // A click beside all that can have the focus gives it up.
  page.ownerDocument.addEventListener('pointerdown', () => {
    last = null
  })
  const observer = new MutationObserver(records => {
    const had = last
    if (!(had instanceof Node) || had.isConnected || document.activeElement !== document.body)
      return
    const removal = records.find(({ removedNodes }) =>
      [...removedNodes].some(node => node.contains(had)),
    )
    const next =
      (removal === undefined ? null : menuBeside(removal)) ??
      page.querySelector<HTMLElement>('.filters button') ??
      page.querySelector<HTMLElement>('#urls')
    next?.focus()
  })
  observer.observe(page, { childList: true, subtree: true })
}
