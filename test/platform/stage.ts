import { setMaxListeners } from 'node:events'

/** A target that counts its listeners. */
class Target extends EventTarget {
  listening = 0

  override addEventListener(...args: Parameters<EventTarget['addEventListener']>): void {
    this.listening += 1
    super.addEventListener(...args)
  }

  override removeEventListener(...args: Parameters<EventTarget['removeEventListener']>): void {
    this.listening -= 1
    super.removeEventListener(...args)
  }
}

/** The globals of a browser, in place of those of Node. */
export const stage = () => {
  const window = new Target()
  const page = Object.assign(new Target(), { hidden: false })
  // Each watch of a page adds listeners.
  setMaxListeners(0, window, page)
  const network: { onLine?: boolean } = { onLine: true }
  return {
    globals: {
      document: page,
      navigator: network,
      addEventListener: window.addEventListener.bind(window),
      removeEventListener: window.removeEventListener.bind(window),
    },
    listening: () => window.listening + page.listening,
    turnPage: (hidden: boolean) => {
      page.hidden = hidden
      page.dispatchEvent(new Event('visibilitychange'))
    },
    turnNetwork: (onLine: boolean) => {
      network.onLine = onLine
      window.dispatchEvent(new Event(onLine ? 'online' : 'offline'))
    },
    page,
    network,
  }
}

const names = ['document', 'navigator', 'addEventListener', 'removeEventListener', 'fetch'] as const
const own = names.map(name => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const)

export const put = (globals: Readonly<Record<string, unknown>>): void => {
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
}

/** Restores the globals of Node. */
export const restore = (): void => {
  for (const [name, descriptor] of own)
    if (descriptor === undefined) Reflect.deleteProperty(globalThis, name)
    else Object.defineProperty(globalThis, name, descriptor)
}
