import { send } from './plan'
import type { Pushes } from './webhooks'

/** A sandbox that no webhook can be added to: no event is sent. */
export const noPushes: Pushes = {
  nextPush: send,
  accepted: () => Promise.resolve(),
  ended: () => undefined,
}
