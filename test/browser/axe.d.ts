import type axe from 'axe-core'

declare global {
  interface Window {
    /** What axe-core's script leaves in a page. */
    readonly axe: typeof axe
  }
}
