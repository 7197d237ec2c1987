import type { Delivery } from './deliver'
import type { Reply } from './reply'

/** What one request comes to. */
export interface Outcome {
  readonly delivery: Delivery
  /** Milliseconds before it. */
  readonly delay: number
  /** The upload that it was about, where the sandbox knows one. */
  readonly upload: string | null
}

/** A reply that is sent whole and at once. */
export const whole = (reply: Reply, upload: string | null = null): Outcome => ({
  delivery: { kind: 'whole', reply },
  delay: 0,
  upload,
})
