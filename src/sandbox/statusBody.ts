import type { JsonObject } from './platform/imitatedPlatform'
import { platformOf } from './platform/imitatedPlatforms'
import type { SandboxState } from './sandboxState'
import type {
  CompletedAnswer,
  FailedAnswer,
  PendingAnswer,
  ProcessingAnswer,
} from './scenario/answers'
import type { Upload } from './uploads'
import { withVariants } from './variants'

/** The body of a status. */
export const statusBody = (
  state: SandboxState,
  upload: Upload,
  answer: PendingAnswer | ProcessingAnswer | CompletedAnswer | FailedAnswer,
): JsonObject => {
  const body = { status: answer.kind, prefixed_id: upload.id }
  switch (answer.kind) {
    case 'pending':
    case 'processing':
      return body
    case 'completed': {
      const { endpoint = upload.endpoint } = answer
      const source = state.mediaSource({ ...upload, endpoint })
      return { ...body, ...withVariants(answer, platformOf(upload.account).completed(source)) }
    }
    case 'failed':
      return { ...body, error: answer.error }
  }
}
