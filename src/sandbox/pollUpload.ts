import { whole, type Outcome } from './outcome'
import { deliveryOf } from './render'
import type { RateLimits } from './rateLimit'
import { errorReply } from './reply'
import { answerAt, type ScriptedAnswer } from './scenario'
import type { Stage } from './stage'
import { statusAtAge, type Timeline } from './timeline'
import type { Upload } from './uploads'
import { completed, failed, pending, processing } from './wholeAnswer'

/** Answers one poll; a script goes one poll further by it. */
export const pollUpload = (
  stage: Stage,
  account: string,
  id: string,
  limits: RateLimits | null,
): Outcome => {
  const upload = stage.uploads.find(account, id)
  if (upload === undefined) return whole(errorReply(404, { error: 'Upload not found.' }, limits))
  const answer = nextAnswer(stage, upload)
  return {
    delivery: deliveryOf(answer, stage.mediaSource(upload), limits),
    delay: answer.delay ?? 0,
    upload: id,
  }
}

const nextAnswer = ({ settings, uploads }: Stage, upload: Upload): ScriptedAnswer => {
  const { course } = upload
  switch (course.kind) {
    case 'timed':
      return timedAnswer(course.timeline, settings.clock() - upload.since, course.error)
    case 'scripted': {
      const polls = course.polls + 1
      uploads.update({ ...upload, course: { ...course, polls } })
      return answerAt(course.scenario, polls)
    }
  }
}

const timedAnswer = (timeline: Timeline, age: number, error: string): ScriptedAnswer => {
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
