import { createHash, randomUUID } from 'node:crypto'
import type { Browser } from '../../../src/relay/client/tabMember'

/** A tab of a simulated browser. */
export interface FakeTab {
  readonly browser: Browser
  /** Ends without a message: releases its locks, and sends and receives nothing. */
  readonly crash: () => void
  /** Keeps its locks, but sends and receives nothing. */
  readonly hang: () => void
  /** Continues, and learns that a lock was stolen from it meanwhile. */
  readonly wake: () => void
}

interface Request {
  readonly tab: { isHung: boolean }
  isHeld: boolean
  readonly hold: () => void
  readonly reject: (error: Error) => void
}

type Listener = (event: MessageEvent) => void

interface Channel {
  readonly tab: { isHung: boolean }
  readonly name: string
  readonly receive: (message: unknown) => void
}

/** Resolves immediately; the real digest takes real time. */
const digest = (_: string, bytes: Uint8Array): Promise<ArrayBuffer> =>
  Promise.resolve(new Uint8Array(createHash('sha256').update(bytes).digest()).buffer)

const aborted = (): DOMException => new DOMException('stolen, or no longer wanted', 'AbortError')

/** Locks and channels like those of a browser, for any number of tabs. */
export const fakeBrowser = () => {
  const queues = new Map<string, Request[]>()
  const channels = new Set<Channel>()

  const grant = (name: string): void => {
    const [first] = queues.get(name) ?? []
    if (first === undefined || first.isHeld) return
    first.isHeld = true
    queueMicrotask(first.hold)
  }

  const leave = (name: string, request: Request): void => {
    queues.set(name, queues.get(name)?.filter(each => each !== request) ?? [])
    grant(name)
  }

  /** Posts a message to all channels of a name but one. */
  const post = (name: string, message: unknown, except: Channel | null = null): void => {
    for (const channel of channels)
      if (channel.name === name && channel !== except)
        queueMicrotask(() => {
          if (channels.has(channel) && !channel.tab.isHung)
            channel.receive(structuredClone(message))
        })
  }

  const openTab = (): FakeTab => {
    const tab = { isHung: false }
    let missed: Array<() => void> = []

    const request = (
      name: string,
      { steal = false, signal }: LockOptions,
      work: () => Promise<unknown>,
    ): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const own: Request = {
          tab,
          isHeld: false,
          hold: () => {
            void work().then(value => {
              leave(name, own)
              resolve(value)
            })
          },
          reject: error => {
            if (tab.isHung)
              missed.push(() => {
                reject(error)
              })
            else reject(error)
          },
        }
        const queue = queues.get(name) ?? []
        const [holder] = queue
        if (!steal) queue.push(own)
        else if (holder === undefined) queue.push(own)
        else {
          queue.splice(0, holder.isHeld ? 1 : 0, own)
          holder.reject(aborted())
        }
        queues.set(name, queue)
        signal?.addEventListener('abort', () => {
          if (own.isHeld) return
          leave(name, own)
          reject(aborted())
        })
        grant(name)
      })

    const channelOf = (name: string): BroadcastChannel => {
      const listeners = new Set<Listener>()
      const channel = {
        tab,
        name,
        onmessage: null as Listener | null,
        receive: (data: unknown) => {
          const event = new MessageEvent('message', { data })
          channel.onmessage?.(event)
          for (const listener of listeners) listener(event)
        },
        addEventListener: (_: string, listener: Listener) => listeners.add(listener),
        removeEventListener: (_: string, listener: Listener) => listeners.delete(listener),
        postMessage: (message: unknown) => {
          if (tab.isHung) return
          if (!channels.has(channel)) throw new DOMException('closed', 'InvalidStateError')
          post(name, message, channel)
        },
        close: () => channels.delete(channel),
      }
      channels.add(channel)
      return channel as unknown as BroadcastChannel
    }

    return {
      browser: {
        locks: { request } as unknown as Browser['locks'],
        crypto: {
          randomUUID,
          subtle: { digest } as unknown as SubtleCrypto,
        },
        page: Object.assign(new EventTarget(), { baseURI: 'https://page.example/app' }),
        channelOf,
      },
      crash: () => {
        tab.isHung = true
        for (const channel of channels) if (channel.tab === tab) channels.delete(channel)
        for (const [name, queue] of queues)
          for (const request of queue) if (request.tab === tab) leave(name, request)
      },
      hang: () => {
        tab.isHung = true
      },
      wake: () => {
        tab.isHung = false
        for (const work of missed) work()
        missed = []
      },
    }
  }

  return {
    openTab,
    /** Posts a message to every tab, as any script of the origin can. */
    postToAll: (message: unknown) => {
      for (const name of new Set([...channels].map(channel => channel.name))) post(name, message)
    },
    /** The names of the locks that are held or requested. */
    locks: () => [...queues].filter(([, queue]) => queue.length > 0).map(([name]) => name),
    channels: () => channels.size,
  }
}
