import { errorPage, errorResponse, jsonResponse, type HttpResponse } from './http/response'
import { respondWith, type Delivery, type PlannedResponse } from './http/plannedResponse'
import type { SandboxState } from './sandboxState'
import { completed, failed, pending, processing, type WholeAnswer } from './scenario/answers'
import { answerAt, firstEnd, type ScriptedAnswer } from './scenario/scenario'
import { statusBody } from './statusBody'
import { statusAtAge } from './timeline'
import { eventUpload } from './uploadEvents'
import type { AnswerPlan, Upload } from './uploads'

/** Answers a poll. A scripted upload advances by one answer. */
export const pollUpload = (state: SandboxState, account: string, id: string): PlannedResponse => {
  const upload = state.uploads.find(account, id)
  if (upload === undefined) {
    const { errorMember } = state.settings
    return respondWith(errorResponse(errorMember, 404, { error: 'Upload not found.' }))
  }
  const answer = nextAnswer(state, upload)
  return {
    delivery: deliveryOf(state, upload, answer),
    sender: senderOf(answer),
    delay: answer.delay ?? 0,
    upload: id,
    creditsUsed: 0,
  }
}

const nextAnswer = (state: SandboxState, upload: Upload): ScriptedAnswer => {
  const { settings, uploads, webhooks } = state
  const { plan } = upload
  switch (plan.kind) {
    case 'timed':
      return timedAnswer(plan, settings.clock() - upload.acceptedAt)
    case 'scripted': {
      const polls = plan.polls + 1
      uploads.update({ ...upload, plan: { ...plan, polls } })
      const event = firstEnd(plan.scenario)?.poll === polls ? eventUpload(state, upload) : null
      if (event !== null) webhooks.ended(event)
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

const deliveryOf = (state: SandboxState, upload: Upload, answer: ScriptedAnswer): Delivery => {
  switch (answer.kind) {
    case 'cut':
    case 'trickle':
      return { ...answer, response: responseOf(state, upload, answer.of) }
    case 'reset':
    case 'silent':
    case 'wire':
      return answer
    default:
      return { kind: 'complete', response: responseOf(state, upload, answer) }
  }
}

const senderOf = (answer: ScriptedAnswer): PlannedResponse['sender'] => {
  const { kind } = 'of' in answer ? answer.of : answer
  return kind === 'html' ? 'edge' : kind === 'reply' ? 'script' : 'api'
}

const responseOf = (state: SandboxState, upload: Upload, answer: WholeAnswer): HttpResponse => {
  switch (answer.kind) {
    case 'pending':
    case 'processing':
    case 'completed':
    case 'failed':
      return jsonResponse(200, statusBody(state, upload, answer))
    case 'apiError':
      return errorResponse(state.settings.errorMember, answer.status, answer, answer.headers)
    case 'json':
      return jsonResponse(answer.status, answer.body, answer.headers)
    case 'html':
      return errorPage(answer.status)
    case 'reply':
      return answer
  }
}
