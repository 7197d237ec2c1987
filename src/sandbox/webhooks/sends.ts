import type { End } from './eventBody'
import type { ScriptedPush, Spelling } from './plan'

/** One transmission of an event, genuine or forged. */
export interface Send {
  /** The vendor, or a stranger who does not know the secret. */
  readonly sender: 'vendor' | 'stranger'
  /** Whether it is signed. A stranger signs with another secret. */
  readonly isSigned: boolean
  readonly end: End
  readonly spelling: Spelling
  /** Milliseconds to wait before it is sent. */
  readonly delay: number
  /** Whether it waits for the next event of another upload. */
  readonly isHeld: boolean
  /** The transmission to send once this one is delivered. */
  readonly next: Send | null
}

/** The transmissions when an upload is accepted, and when it has ended. */
export interface Sends {
  readonly accepted: readonly Send[]
  readonly ended: readonly Send[]
}

const other = (end: End): End => (end === 'completed' ? 'failed' : 'completed')

/** Plans the transmissions for an upload with this end. */
export const sendsOf = (push: ScriptedPush, end: End): Sends => {
  const { delay = 0, spelling = 'sdk' } = push
  const event: Send = {
    sender: 'vendor',
    isSigned: true,
    end,
    spelling,
    delay,
    isHeld: false,
    next: null,
  }
  const claim = (isSigned: boolean): Send => ({
    ...event,
    sender: 'stranger',
    isSigned,
    end: other(end),
    delay: 0,
  })
  switch (push.kind) {
    case 'send':
    case 'beforeAccepted':
      return { accepted: [], ended: [event] }
    case 'drop':
      return { accepted: [], ended: [] }
    case 'duplicate':
      return { accepted: [], ended: Array.from({ length: push.copies }, () => event) }
    case 'outOfOrder':
      return { accepted: [], ended: [{ ...event, isHeld: true }] }
    case 'forged':
      return { accepted: [claim(true)], ended: [event] }
    case 'unsigned':
      return { accepted: [claim(false)], ended: [event] }
    case 'conflicting':
      return {
        accepted: [],
        ended: [{ ...event, next: { ...event, end: other(end), delay: 0 } }],
      }
  }
}
