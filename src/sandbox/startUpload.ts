import type { IncomingMessage } from 'node:http'
import { checkUploadForm, type UploadCommand } from './checkUploadForm'
import { createMedia } from './finishedMedia'
import type { RateLimits } from './http/requestCount'
import { errorResponse, jsonResponse } from './http/response'
import { respondWith, type PlannedResponse } from './http/sendResponse'
import { readUploadForm } from './http/uploadForm'
import type { SandboxState } from './sandboxState'
import type { Endpoint } from './scenario/answers'
import { drawTimeline } from './timeline'
import type { AnswerPlan, Upload } from './uploads'

/** Reads the body of a POST and answers it; null if the client has disconnected before its end. */
export const startUpload = async (
  state: SandboxState,
  request: IncomingMessage,
  { account, endpoint }: { readonly account: string; readonly endpoint: Endpoint },
  limits: RateLimits | null,
): Promise<PlannedResponse | null> => {
  const form = await readUploadForm(request, request.headers['content-type'] ?? '')
  if (form.kind === 'aborted') return null
  const command = form.kind === 'fields' ? checkUploadForm(form, state.settings.maxFileBytes) : form
  if (command.kind !== 'start') return respondWith(errorResponse(422, command, limits))
  const id = state.nextId(account)
  const upload: Upload = {
    account,
    id,
    endpoint,
    fileName: command.fileName,
    acceptedAt: state.settings.clock(),
    plan: planOf(state, id, command),
  }
  return command.async ? accept(state, upload, limits) : finish(state, upload, limits)
}

const planOf = (
  { settings }: SandboxState,
  id: string,
  { async, fileName, source }: UploadCommand,
): AnswerPlan => {
  const scenario = settings.scenarios.get(fileName)
  if (async && scenario !== undefined) return { kind: 'scripted', scenario, polls: 0 }
  const { seed, durations, failureRate } = settings
  const mustFail = /fail/i.test(fileName)
  return {
    kind: 'timed',
    timeline: drawTimeline({ seed, upload: id, durations, failureRate, mustFail }),
    error:
      source === 'file_url'
        ? 'Failed to download file from the provided URL.'
        : 'Failed to process the file.',
  }
}

const accept = (
  state: SandboxState,
  upload: Upload,
  limits: RateLimits | null,
): PlannedResponse => {
  if (!state.uploads.add(upload, upload.acceptedAt)) {
    const error = 'The sandbox stores maxUploads uploads, and none of them is finished.'
    return respondWith(errorResponse(503, { error }, limits))
  }
  const polling_url = state.pollingUrl(upload)
  const body = { status: 'pending', prefixed_id: upload.id, polling_url }
  return respondWith(jsonResponse(202, body, limits), upload.id)
}

// Answers at once: a real delay would teach a client nothing.
const finish = (
  state: SandboxState,
  upload: Upload,
  limits: RateLimits | null,
): PlannedResponse => {
  const { plan } = upload
  if (plan.kind === 'timed' && plan.timeline.end === 'failed') {
    return respondWith(errorResponse(422, { error: plan.error }, limits))
  }
  const media = createMedia(state.mediaSource(upload))
  const body = upload.endpoint === 'vault' ? { data: media } : media
  return respondWith(jsonResponse(200, body, limits))
}
