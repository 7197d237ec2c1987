import type { IncomingMessage } from 'node:http'
import { mediaOf } from './media'
import { whole, type Outcome } from './outcome'
import type { RateLimits } from './rateLimit'
import { errorReply, jsonReply } from './reply'
import { statusPath, type Endpoint } from './route'
import type { Stage } from './stage'
import { timelineOf } from './timeline'
import { readUploadForm } from './uploadForm'
import { uploadOrder, type UploadOrder } from './uploadOrder'
import type { Course, Upload } from './uploads'

/** Reads the body of a POST and answers it; null where the client went away meanwhile. */
export const startUpload = async (
  stage: Stage,
  request: IncomingMessage,
  { account, endpoint }: { readonly account: string; readonly endpoint: Endpoint },
  limits: RateLimits | null,
): Promise<Outcome | null> => {
  const form = await readUploadForm(request)
  if (form.kind === 'aborted') return null
  const order = form.kind === 'fields' ? uploadOrder(form, stage.settings.maxFileBytes) : form
  if (order.kind !== 'order') return whole(errorReply(422, order, limits))
  const id = stage.nextId()
  const upload: Upload = {
    account,
    id,
    endpoint,
    fileName: order.fileName,
    since: stage.settings.clock(),
    course: courseOf(stage, id, order),
  }
  return order.async ? accept(stage, upload, limits) : finish(stage, upload, limits)
}

type Order = Extract<UploadOrder, { readonly kind: 'order' }>

const courseOf = ({ settings }: Stage, id: string, { async, fileName, from }: Order): Course => {
  const scenario = settings.scenarios.get(fileName)
  if (async && scenario !== undefined) return { kind: 'scripted', scenario, polls: 0 }
  const { seed, durations, failureRate } = settings
  const doomed = /fail/i.test(fileName)
  return {
    kind: 'timed',
    timeline: timelineOf({ seed, upload: id, durations, failureRate, doomed }),
    error:
      from === 'file_url'
        ? 'Failed to download file from the provided URL.'
        : 'Failed to process the file.',
  }
}

const accept = (stage: Stage, upload: Upload, limits: RateLimits | null): Outcome => {
  const { account, id, since } = upload
  if (!stage.uploads.add(upload, since)) {
    const error = 'The sandbox holds its maxUploads, and none of them is settled.'
    return whole(errorReply(503, { error }, limits))
  }
  const pollingUrl = stage.origin + statusPath(account, id)
  const body = { status: 'pending', prefixed_id: id, polling_url: pollingUrl }
  return whole(jsonReply(202, body, limits), id)
}

// Answered at once: a client that waits for a finished media learns nothing from the wait.
const finish = (stage: Stage, upload: Upload, limits: RateLimits | null): Outcome => {
  const { course } = upload
  if (course.kind === 'timed' && course.timeline.end === 'failed') {
    return whole(errorReply(422, { error: course.error }, limits))
  }
  const media = mediaOf(stage.mediaSource(upload))
  return whole(jsonReply(200, upload.endpoint === 'vault' ? { data: media } : media, limits))
}
