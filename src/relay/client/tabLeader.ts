import { Subscription } from 'rxjs'
import type { UploadStatusSource } from '../../source'
import { readAsk, type Answer } from './tabMessages'
import { whileHeld$, type Locks } from './whileHeld'

/** What a leader needs: the locks, a channel to all tabs, and a stream of its own. */
export interface LeadingIn {
  readonly locks: Locks
  readonly channel: BroadcastChannel
  readonly source: UploadStatusSource
}

/**
 * Answers what all tabs ask, from one stream, which carries what any of them follows. A tab that left
 * without a word released its lock: what it alone asked for is dropped.
 */
export const leading = ({ locks, channel, source }: LeadingIn): Subscription => {
  const asked = new Map<string, Subscription>()
  const life = new Subscription()
  const say = (answer: Answer): void => {
    channel.postMessage(answer)
  }
  channel.onmessage = ({ data }) => {
    const ask = readAsk(data)
    if (ask === null) return
    const { id, lock, refs } = ask
    const before = asked.get(id)
    asked.delete(id)
    if (refs.length > 0) {
      const following = new Subscription()
      asked.set(id, following)
      life.add(following)
      say({ id, data: '' })
      following.add(
        source.uploadStatuses$(refs).subscribe({
          next: tracked => {
            say({ id, data: JSON.stringify(tracked) })
          },
          error: () => {
            say({ id, data: null })
          },
        }),
      )
      following.add(
        whileHeld$(locks, lock, false, () => {
          asked.delete(id)
          following.unsubscribe()
          return Subscription.EMPTY
        }).subscribe(),
      )
    }
    before?.unsubscribe()
  }
  life.add(() => {
    channel.close()
  })
  say({ id: null, data: '' })
  return life
}
