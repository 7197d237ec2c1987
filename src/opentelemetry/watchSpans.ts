import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { Span, Tracer } from '@opentelemetry/api'
import type { UploadRef } from '../api/uploadRef'
import type { AttemptStarted } from '../watch/event'
import type { Outcome } from './telemetryOutcome'

/** Starts the span of a watch, a child of the active span. */
export const watchSpan = (tracer: Tracer, { account, upload }: UploadRef, startTime: Date): Span =>
  tracer.startSpan('upload_status.watch', {
    startTime,
    attributes: { 'upload_status.account': account, 'upload_status.upload': upload },
  })

/** Starts the span of an attempt, a child of the span of its watch. */
export const attemptSpan = (
  tracer: Tracer,
  watch: Span,
  { attempt, late }: AttemptStarted,
  startTime: Date,
): Span =>
  tracer.startSpan(
    'upload_status.attempt',
    {
      kind: SpanKind.CLIENT,
      startTime,
      attributes: {
        'upload_status.attempt.number': attempt,
        'upload_status.attempt.lateness': late / 1_000,
      },
    },
    trace.setSpan(context.active(), watch),
  )

/** Ends a span. A failed upload is not an error of its watch, so its span status stays unset. */
export const endSpan = (span: Span, { attributes, error }: Outcome, at: Date): void => {
  span.setAttributes(attributes)
  if (error !== null) span.setStatus({ code: SpanStatusCode.ERROR, message: error })
  span.end(at)
}
