import { useEffect, useSyncExternalStore, type ReactNode } from 'react'
import type { Entries } from './entries'
import { isWatched, type Entry } from './entry'

interface Props {
  readonly entries: Entries
  readonly all: readonly Entry[]
  /** Whether the server of the page does not answer. */
  readonly isGone: boolean
}

const isKeyRefused = (entry: Entry): boolean =>
  isWatched(entry) &&
  entry.state === 'watched' &&
  entry.view.phase === 'unknown' &&
  entry.view.failure._tag === 'Rejected' &&
  entry.view.failure.status === 401

const subscribeToNetwork = (onChange: () => void): (() => void) => {
  const listening = new AbortController()
  for (const change of ['online', 'offline'])
    window.addEventListener(change, onChange, { signal: listening.signal })
  return () => {
    listening.abort()
  }
}

const isOffline = (): boolean => !navigator.onLine

/** Milliseconds: a client does not send a refused key again for 30 s. */
const keyAgain = 31_000

const watchAgain = (entries: Entries): void => {
  const refused = entries.all().filter(isKeyRefused)
  entries.retry(refused.map(({ key }) => key))
}

/** What is wrong with more than one upload, and what to do. Each goes when its cause is gone. */
export const Banners = ({ entries, all, isGone }: Props) => {
  const offline = useSyncExternalStore(subscribeToNetwork, isOffline)
  const refused = all.filter(isKeyRefused).length
  const isRefused = refused > 0
  useEffect(() => {
    if (!isRefused) return
    const timer = setInterval(watchAgain, keyAgain, entries)
    return () => {
      clearInterval(timer)
    }
  }, [entries, isRefused])
  return (
    <div role="status">
      {offline && (
        <Banner title="You are offline.">
          Check the connection. All watches are paused, and resume by themselves.
        </Banner>
      )}
      {isGone && !offline && (
        <Banner title="The server of this page does not answer.">
          Start it with <code>npm run demo:web</code>. The page asks again every 2 s.
        </Banner>
      )}
      {isRefused && (
        <Banner title="The API refuses the key of the server (HTTP 401).">
          Give the server a valid key. {refused === 1 ? 'One upload is' : `${String(refused)} are`}{' '}
          watched again after 30 s.{' '}
          <button
            type="button"
            className="plain"
            onClick={() => {
              watchAgain(entries)
            }}
          >
            Watch now
          </button>
        </Banner>
      )}
    </div>
  )
}

const Banner = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <p className="banner">
    <strong>{title}</strong> {children}
  </p>
)
