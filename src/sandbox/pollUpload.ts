import { completedMembers, type MediaSource } from './finishedMedia'
import type { RateLimits } from './http/requestCount'
import {
  errorPage,
  errorResponse,
  jsonResponse,
  type HttpResponse,
  type JsonObject,
} from './http/response'
import { respondWith, type Delivery, type PlannedResponse } from './http/sendResponse'
import type { SandboxState } from './sandboxState'
import { completed, failed, pending, processing, type WholeAnswer } from './scenario/answers'
import { answerAt, type ScriptedAnswer } from './scenario/scenario'
import { statusAtAge } from './timeline'
import type { AnswerPlan, Upload } from './uploads'

/** Answers a poll. A scripted upload advances by one answer. */
export const pollUpload = (
  state: SandboxState,
  account: string,
  id: string,
  limits: RateLimits | null,
): PlannedResponse => {
  const upload = state.uploads.find(account, id)
  if (upload === undefined) {
    return respondWith(errorResponse(404, { error: 'Upload not found.' }, limits))
  }
  const answer = nextAnswer(state, upload)
  return {
    delivery: deliveryOf(answer, state.mediaSource(upload), limits),
    delay: answer.delay ?? 0,
    upload: id,
  }
}

const nextAnswer = ({ settings, uploads }: SandboxState, upload: Upload): ScriptedAnswer => {
  const { plan } = upload
  switch (plan.kind) {
    case 'timed':
      return timedAnswer(plan, settings.clock() - upload.acceptedAt)
    case 'scripted': {
      const polls = plan.polls + 1
      uploads.update({ ...upload, plan: { ...plan, polls } })
      return answerAt(plan.scenario, polls)
    }
  }
}

const timedAnswer = (
  { timeline, error }: Extract<AnswerPlan, { readonly kind: 'timed' }>,
  age: number,
): ScriptedAnswer => {
  switch (statusAtAge(timeline, age)) {
    case 'pending':
      return pending()
    case 'processing':
      return processing()
    case 'completed':
      return completed()
    case 'failed':
      return failed(error)
  }
}

const deliveryOf = (
  answer: ScriptedAnswer,
  upload: MediaSource,
  limits: RateLimits | null,
): Delivery => {
  switch (answer.kind) {
    case 'cut':
    case 'trickle':
      return { ...answer, response: responseOf(answer.of, upload, limits) }
    case 'reset':
    case 'silent':
    case 'wire':
      return answer
    default:
      return { kind: 'complete', response: responseOf(answer, upload, limits) }
  }
}

const responseOf = (
  answer: WholeAnswer,
  upload: MediaSource,
  limits: RateLimits | null,
): HttpResponse => {
  const status = (more: JsonObject = {}): HttpResponse =>
    jsonResponse(200, { status: answer.kind, prefixed_id: upload.upload, ...more }, limits)
  switch (answer.kind) {
    case 'pending':
    case 'processing':
      return status()
    case 'completed':
      return status(completedMembers({ ...upload, endpoint: answer.endpoint ?? upload.endpoint }))
    case 'failed':
      return status({ error: answer.error })
    case 'apiError':
      return errorResponse(answer.status, answer, limits, answer.headers)
    case 'json':
      return jsonResponse(answer.status, answer.body, limits, answer.headers)
    case 'html':
      return errorPage(answer.status)
    case 'reply':
      return answer
  }
}
