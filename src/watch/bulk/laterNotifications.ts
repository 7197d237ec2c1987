import { asapScheduler, type Subscription } from 'rxjs'
import { refName, type UploadRef } from '../../api/uploadRef'

/** Notifications of followers in a later turn: at most one for each follower and upload. */
export interface LaterNotifications<Follower> {
  /** Runs `notify` in a later turn, in place of the notification that is scheduled already. */
  readonly schedule: (ref: UploadRef, follower: Follower, notify: () => void) => void
  /** Returns false if there is none. */
  readonly cancel: (ref: UploadRef, follower: Follower) => boolean
}

export const laterNotifications = <Follower>(): LaterNotifications<Follower> => {
  const scheduled = new Map<Follower, Map<string, Subscription>>()

  const cancel = (ref: UploadRef, follower: Follower): boolean => {
    const byUpload = scheduled.get(follower)
    if (byUpload === undefined) return false
    const name = refName(ref)
    const notification = byUpload.get(name)
    notification?.unsubscribe()
    byUpload.delete(name)
    if (byUpload.size === 0) scheduled.delete(follower)
    return notification !== undefined
  }

  return {
    schedule: (ref, follower, notify) => {
      cancel(ref, follower)
      const byUpload = scheduled.get(follower) ?? new Map<string, Subscription>()
      const notification = asapScheduler.schedule(() => {
        cancel(ref, follower)
        notify()
      })
      scheduled.set(follower, byUpload.set(refName(ref), notification))
    },
    cancel,
  }
}
