import type { End } from './eventBody'
import type { ScriptedPush, Spelling } from './plan'

/** One time that an event, or what looks like one, is sent. */
export interface Send {
  /** The vendor, or somebody who does not know the secret. */
  readonly sender: 'vendor' | 'stranger'
  /** A stranger signs with another secret, or not at all. */
  readonly isSigned: boolean
  readonly end: End
  readonly spelling: Spelling
  /** Milliseconds to wait. */
  readonly delay: number
  /** Whether it waits for the next event of another upload. */
  readonly isHeld: boolean
  /** Sent once this one is delivered. */
  readonly next: Send | null
}

/** What is sent when an upload is accepted, and what when it has ended. */
export interface Sends {
  readonly accepted: readonly Send[]
  readonly ended: readonly Send[]
}

const other = (end: End): End => (end === 'completed' ? 'failed' : 'completed')

/** Decides what is sent of an upload with this end. */
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
