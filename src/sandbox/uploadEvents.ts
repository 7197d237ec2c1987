import { sendsEvents } from '../api/webhook'
import type { SandboxState } from './sandboxState'
import { completed, failed, type CompletedAnswer, type FailedAnswer } from './scenario/answers'
import { firstEnd } from './scenario/scenario'
import { statusBody } from './statusBody'
import type { Upload } from './uploads'
import { eventBody, type End } from './webhooks/eventBody'
import type { EventUpload } from './webhooks/webhooks'

/** The terminal answer of an upload's polls; null if they never reach one. */
const endOf = ({ plan }: Upload): CompletedAnswer | FailedAnswer | null => {
  switch (plan.kind) {
    case 'timed':
      return plan.timeline.end === 'completed' ? completed() : failed(plan.error)
    case 'scripted':
      return firstEnd(plan.scenario)?.answer ?? null
  }
}

/** The false end that a forged or conflicting event reports. */
const claims = { completed: completed(), failed: failed('Failed to process the file.') }

/** Returns the event of an upload; null if it has none. */
export const eventUpload = (state: SandboxState, upload: Upload): EventUpload | null => {
  const { account, id, push, plan, acceptedAt } = upload
  const answer = endOf(upload)
  if (push === null || answer === null) return null
  const endAt = plan.kind === 'timed' ? acceptedAt + plan.timeline.endAt : null
  return {
    account,
    upload: id,
    push,
    end: answer.kind,
    endAt,
    bodyOf: (end: End, spelling) => {
      const body = statusBody(state, upload, end === answer.kind ? answer : claims[end])
      const { createdAt } = state.mediaSource(upload)
      const takes = state.settings.clock() - acceptedAt
      return eventBody(body, account, end, spelling, createdAt + takes)
    },
  }
}

/** Returns how the event of an upload is sent; null for a platform without events. */
export const nextPushOf = ({ webhooks }: SandboxState, account: string, upload: string) =>
  sendsEvents({ account, upload }) ? webhooks.nextPush() : null

/** Ends an upload immediately, because its event is sent before its POST is answered. */
export const endedEarly = (upload: Upload): Upload => {
  const { plan, push } = upload
  return plan.kind === 'timed' && push?.kind === 'beforeAccepted'
    ? { ...upload, plan: { ...plan, timeline: { ...plan.timeline, processingAt: 0, endAt: 0 } } }
    : upload
}
