/**
 * Runs in a page that is opened as a file, where `/docs/…` is the top of the disk and no module may
 * load: it makes every address relative. The text, the pictures and the links then work without a
 * server; the search and the playground need one.
 *
 * @type {(top: string, base: string) => void}
 */
export const openAsFile = (top, base) => {
  if (location.protocol !== 'file:') return
  const attributes = ['href', 'src']
  /** @type {(element: Element) => void} */
  const relative = element => {
    for (const name of attributes) {
      const [path, anchor = ''] = (element.getAttribute(name) ?? '').split('#')
      if (!path?.startsWith(base)) continue
      const file = path.endsWith('/') ? `${path}index.html` : path
      element.setAttribute(name, top + file.slice(base.length) + (anchor && `#${anchor}`))
    }
  }
  const all = () => document.querySelectorAll('[href^="/"], [src^="/"]').forEach(relative)
  all()
  document.addEventListener('DOMContentLoaded', all)
}
