import { errorPage, errorResponse, jsonResponse, type HttpResponse } from './http/response'
import { respondWith, type Delivery, type PlannedResponse } from './http/sendResponse'
import type { JsonObject } from './platform/imitatedPlatform'
import { platformOf } from './platform/imitatedPlatforms'
import type { SandboxState } from './sandboxState'
import { completed, failed, pending, processing, type WholeAnswer } from './scenario/answers'
import { answerAt, type ScriptedAnswer } from './scenario/scenario'
import { statusAtAge } from './timeline'
import type { AnswerPlan, Upload } from './uploads'
import { withVariants } from './variants'

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
  const status = (more: JsonObject = {}): HttpResponse =>
    jsonResponse(200, { status: answer.kind, prefixed_id: upload.id, ...more })
  switch (answer.kind) {
    case 'pending':
    case 'processing':
      return status()
    case 'completed': {
      const { endpoint = upload.endpoint } = answer
      const source = state.mediaSource({ ...upload, endpoint })
      return status(withVariants(answer, platformOf(upload.account).completed(source)))
    }
    case 'failed':
      return status({ error: answer.error })
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
