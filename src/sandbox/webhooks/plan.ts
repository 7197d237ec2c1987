/**
 * The names of an event's members: as in the vendor's SDKs (`prefixed_id`, `media`), or as in
 * production (`id`, `media_id`, `completed_at`).
 */
export type Spelling = 'sdk' | 'ids'

/** The options of every push of a plan. */
export interface PushStaging {
  /** Milliseconds from the end of the upload to its event. @default 0 */
  readonly delay?: number | undefined
  /** The number of uploads in a row whose events are sent like this. @default 1 */
  readonly times?: number | undefined
  /** @default 'sdk' */
  readonly spelling?: Spelling | undefined
}

/** The event is sent once, as soon as the upload has ended. */
export interface SendPush {
  readonly kind: 'send'
}

/** The event is lost. */
export interface DropPush {
  readonly kind: 'drop'
}

/** The event is sent several times together, with the same id. */
export interface DuplicatePush {
  readonly kind: 'duplicate'
  readonly copies: number
}

/** The upload ends immediately, and its event is sent before its POST is answered. */
export interface BeforeAcceptedPush {
  readonly kind: 'beforeAccepted'
}

/** The event is sent after the next event of another upload, and after 10 s at the latest. */
export interface OutOfOrderPush {
  readonly kind: 'outOfOrder'
}

/** A stranger, who does not know the secret, first sends the other end; then the event follows. */
export interface ForgedPush {
  readonly kind: 'forged'
}

/** A stranger first sends the other end, without a signature; then the event follows. */
export interface UnsignedPush {
  readonly kind: 'unsigned'
}

/** Once the event is delivered, the vendor also sends the other end, with a valid signature. */
export interface ConflictingPush {
  readonly kind: 'conflicting'
}

/** How the event of one upload is sent: plain data, a union on `kind`, that can be written as JSON. */
export type ScriptedPush = (
  | SendPush
  | DropPush
  | DuplicatePush
  | BeforeAcceptedPush
  | OutOfOrderPush
  | ForgedPush
  | UnsignedPush
  | ConflictingPush
) &
  PushStaging

/**
 * How the events of uploads are sent: the n-th push applies to the n-th upload. The last one repeats.
 *
 * ```
 * [drop(), times(2, send()), forged()]
 *
 * upload   1       2      3      4        5 ...
 * event    lost    sent   sent   forged   forged
 * ```
 */
export type PushPlan = readonly [ScriptedPush, ...ScriptedPush[]]

/** The event is sent once, as soon as the upload has ended. */
export const send = (): SendPush => ({ kind: 'send' })

/** The event is lost. */
export const drop = (): DropPush => ({ kind: 'drop' })

/** The event is sent several times together, with the same id. @param copies 2 by default */
export const duplicate = (copies = 2): DuplicatePush => ({ kind: 'duplicate', copies })

/**
 * The upload ends immediately, and its event is sent before its POST is answered. The event of an upload
 * that follows a scenario is sent as by `send`.
 */
export const beforeAccepted = (): BeforeAcceptedPush => ({ kind: 'beforeAccepted' })

/** The event is sent after the next event of another upload, and after 10 s at the latest. */
export const outOfOrder = (): OutOfOrderPush => ({ kind: 'outOfOrder' })

/** A stranger, who does not know the secret, first sends the other end; then the event follows. */
export const forged = (): ForgedPush => ({ kind: 'forged' })

/** A stranger first sends the other end, without a signature; then the event follows. */
export const unsigned = (): UnsignedPush => ({ kind: 'unsigned' })

/** Once the event is delivered, the vendor also sends the other end, with a valid signature. */
export const conflicting = (): ConflictingPush => ({ kind: 'conflicting' })

/**
 * Selects the names of an event's members.
 *
 * @example
 * spelled('ids', duplicate())
 */
export const spelled = <P extends ScriptedPush>(spelling: Spelling, push: P): P & PushStaging => ({
  ...push,
  spelling,
})

/** Returns the push of the n-th upload, counted from 1. */
export const pushAt = (plan: PushPlan, nth: number): ScriptedPush => {
  let planned = 0
  return plan.find(push => nth <= (planned += push.times ?? 1)) ?? plan.at(-1) ?? plan[0]
}
