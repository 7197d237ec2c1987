import type { IncomingMessage } from 'node:http'
import { checkUploadForm, type UploadCommand } from './checkUploadForm'
import { costOf } from './creditBalance'
import { drawTimeline } from './drawTimeline'
import { errorResponse, jsonResponse } from './http/response'
import type { Route } from './http/route'
import { respondWith, type PlannedResponse } from './http/plannedResponse'
import { readUploadForm } from './http/uploadForm'
import type { Quota } from './quota'
import { metaOf } from './quota'
import type { SandboxState } from './sandboxState'
import { endedEarly, eventUpload, nextPushOf } from './uploadEvents'
import type { AnswerPlan, Upload } from './uploads'

type StartRoute = Extract<Route, { readonly kind: 'start' }>

/** Reads the body of a POST and answers it; null if the client has disconnected before its end. */
export const startUpload = async (
  state: SandboxState,
  request: IncomingMessage,
  route: StartRoute,
  quota: Quota,
): Promise<PlannedResponse | null> => {
  const { account, endpoint, platform } = route
  const { maxFileBytes, clock } = state.settings
  const form = await readUploadForm(request, request.headers['content-type'] ?? '')
  if (form.kind === 'aborted') return null
  const command =
    form.kind === 'fields'
      ? checkUploadForm(form, maxFileBytes, fields => platform.checkFields(endpoint, fields))
      : form
  if (command.kind !== 'start') return refuse(state, 422, command.error)
  const id = state.nextId(account)
  const upload: Upload = {
    account,
    id,
    endpoint,
    fileName: command.fileName,
    acceptedAt: clock(),
    creditsUsed: costOf(command.bytes),
    plan: planOf(state, id, command),
    push: null,
  }
  if (upload.creditsUsed > state.credits.balance()) {
    return refuse(state, 402, 'The team has too few credits for this upload.')
  }
  return command.async ? accept(state, upload) : finish(state, upload, route, quota)
}

const refuse = ({ settings }: SandboxState, status: number, error: string): PlannedResponse =>
  respondWith(errorResponse(settings.errorMember, status, { error }))

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

const accept = async (state: SandboxState, started: Upload): Promise<PlannedResponse> => {
  const push = nextPushOf(state, started.account, started.id)
  const upload = endedEarly({ ...started, push })
  if (!state.uploads.add(upload, upload.acceptedAt)) {
    return refuse(
      state,
      503,
      'The sandbox stores maxUploads uploads, and none of them is finished.',
    )
  }
  const { id, creditsUsed } = upload
  state.credits.spend(creditsUsed)
  const event = eventUpload(state, upload)
  if (event !== null) await state.webhooks.accepted(event)
  const body = { status: 'pending', prefixed_id: id, polling_url: state.pollingUrl(upload) }
  return respondWith(jsonResponse(202, body), { upload: id, creditsUsed })
}

// Answers immediately, because a realistic delay would not help to test a client.
const finish = (
  state: SandboxState,
  upload: Upload,
  { platform }: StartRoute,
  quota: Quota,
): PlannedResponse => {
  const { plan, creditsUsed } = upload
  if (plan.kind === 'timed' && plan.timeline.end === 'failed') return refuse(state, 422, plan.error)
  state.credits.spend(creditsUsed)
  const meta = metaOf(quota, creditsUsed, state.credits.balance())
  const body = platform.finished(state.mediaSource(upload), meta)
  return respondWith(jsonResponse(200, body), { creditsUsed })
}
