import { Subscription } from 'rxjs'
import { expired } from '../../failure/failure'
import { after } from '../../runtime/wait'
import type { Happening } from '../../watch/event'
import { theEnd } from '../protocol/known'
import { fits, nameOf } from '../protocol/reference'
import type { RelayedSettings } from './clientOptions'
import { createConnections } from './connections'
import type { OpenStream } from './openStream'
import type { RelayedWatch } from './relayedWatch'

/** Adds a watch until it is over. Returns false if the stream is full. */
export type AddWatch = (watch: RelayedWatch) => boolean

/**
 * A stream for as many uploads as one request can carry. It is connected while the page is active
 * and any watch goes on. After the last watch it is closed, so that nothing of it is left for others.
 */
export const createRelayStream = (
  open$: OpenStream,
  settings: RelayedSettings,
  closed: () => void,
): AddWatch => {
  const { activity$, attemptTimeout, deadline } = settings
  const watches = new Map<string, RelayedWatch>()
  const life = new Subscription()
  /** The watches whose deadline passed while the page was hidden. */
  const overdue = new Set<RelayedWatch>()
  let isActive = true
  const isWanted = (): boolean => isActive && !life.closed
  const { renew, carries, disconnect } = createConnections(open$, watches, isWanted, settings)
  life.add(disconnect)
  life.add(closed)

  const notify = (happening: Happening): void => {
    for (const watch of [...watches.values()]) watch.notify(happening)
  }

  const expireIn = (ms: number, watch: RelayedWatch): void => {
    watch.resources.add(
      after(ms, () => {
        if (isActive) watch.endWith(expired(deadline))
        else overdue.add(watch)
      }),
    )
  }

  const activate = (now: boolean): void => {
    if (now === isActive) return
    isActive = now
    notify({ _tag: now ? 'Resumed' : 'Paused' })
    if (!now) {
      disconnect()
      return
    }
    // Requests each of them once more.
    for (const watch of overdue) expireIn(attemptTimeout, watch)
    overdue.clear()
    renew()
  }

  const leave = (watch: RelayedWatch): void => {
    watches.delete(nameOf(watch.ref))
    if (watches.size === 0) life.unsubscribe()
    // Reconnects, so that the relay stops following the upload.
    else if (carries(watch) && watch.known() !== theEnd) renew()
  }

  return watch => {
    const name = nameOf(watch.ref)
    const refs = [...watches.values(), watch].map(({ ref }) => ref)
    if (life.closed || watches.has(name) || !fits(refs)) return false
    watches.set(name, watch)
    watch.resources.add(() => {
      leave(watch)
    })
    expireIn(deadline, watch)
    if (!isActive) watch.notify({ _tag: 'Paused' })
    if (watches.size === 1)
      life.add(
        activity$?.subscribe({
          next: activate,
          error: () => {
            notify({ _tag: 'SourceFailed', source: 'activity$' })
            activate(true)
          },
        }),
      )
    renew()
    return true
  }
}
