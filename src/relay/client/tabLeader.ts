import { Subscription } from 'rxjs'
import type { UploadStatusSource } from '../../source'
import { readAsk, type Answer } from './tabMessages'
import { whileHeld$, type Locks } from './whileHeld'

/** The parts of a leader: the locks, a channel to all tabs, and a stream of its own. */
export interface LeaderSettings {
  readonly locks: Locks
  readonly channel: BroadcastChannel
  readonly source: UploadStatusSource
}

/**
 * Answers all tabs from one stream, which carries the uploads that any of them follows. The lock of a tab
 * that was closed is released: uploads that no other tab follows are then dropped.
 */
export const createLeader = ({ locks, channel, source }: LeaderSettings): Subscription => {
  const requests = new Map<string, Subscription>()
  const life = new Subscription()
  const send = (answer: Answer): void => {
    channel.postMessage(answer)
  }
  channel.onmessage = ({ data }) => {
    const ask = readAsk(data)
    if (ask === null) return
    const { id, lock, refs } = ask
    const before = requests.get(id)
    requests.delete(id)
    if (refs.length > 0) {
      const following = new Subscription()
      requests.set(id, following)
      life.add(following)
      send({ id, data: '' })
      following.add(
        source.uploadStatuses$(refs).subscribe({
          next: tracked => {
            send({ id, data: JSON.stringify(tracked) })
          },
          error: () => {
            send({ id, data: null })
          },
        }),
      )
      following.add(
        whileHeld$(locks, lock, false, () => {
          requests.delete(id)
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
  send({ id: null, data: '' })
  return life
}
