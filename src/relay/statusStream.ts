import { Subscription, tap, type Observable } from 'rxjs'
import type { TrackedStatus } from '../api/uploadRef'
import { after } from '../runtime/wait'
import type { Outbox } from './outbox'
import type { StreamClosed } from './relayEvent'

type Closing = StreamClosed['why']

/**
 * The last event of a stream whose lifetime expired. The reconnect that follows counts as no retry.
 * The event has no data, so an `EventSource` ignores it.
 */
const streamIsOver = 'event: over\n\n'

/** A comment, which readers ignore. */
const heartbeatComment = ':\n\n'

/** Heartbeats that a reader may miss before its stream is closed. */
const maxMissed = 4

/** The settings of a stream. Durations are in milliseconds. */
export interface StreamSettings {
  readonly heartbeat: number
  readonly lifetime: number
  /** Aborts when the reader leaves, if the host reports it. */
  readonly signal: AbortSignal
  /** Called once, with the error if a defect closed the stream. */
  readonly closed: (why: Closing, defect?: unknown) => void
}

/**
 * The body of an event stream. It queues nothing: it sends when it is pulled, and until then the
 * outbox keeps the latest statuses.
 */
export const statusStream = (
  statuses$: Observable<TrackedStatus>,
  outbox: Outbox,
  { heartbeat, lifetime, signal, closed }: StreamSettings,
): ReadableStream<Uint8Array> => {
  const open = new Subscription()
  const encoder = new TextEncoder()
  let isPulled = false
  let missedHeartbeats = 0
  let isEnded = false
  let flush = (): void => undefined

  const close = (why: Closing, defect?: unknown): void => {
    if (open.closed) return
    open.unsubscribe()
    closed(why, defect)
  }

  const start = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    const send = (text: string): void => {
      isPulled = false
      missedHeartbeats = 0
      controller.enqueue(encoder.encode(text))
    }

    const end = (why: Closing): void => {
      if (open.closed) return
      close(why)
      controller.close()
    }

    flush = () => {
      if (open.closed) return
      if (isPulled && !outbox.isEmpty()) send(outbox.take())
      if (isEnded && outbox.isEmpty()) end('ended')
    }

    const onAbort = (): void => {
      end('left')
    }
    signal.addEventListener('abort', onAbort)
    open.add(() => {
      signal.removeEventListener('abort', onAbort)
    })
    const heartbeatTimer = setInterval(() => {
      if (isPulled) send(heartbeatComment)
      else if (++missedHeartbeats >= maxMissed) end('stalled')
    }, heartbeat)
    open.add(() => {
      clearInterval(heartbeatTimer)
    })
    open.add(
      after(lifetime, () => {
        if (!open.closed) send(streamIsOver)
        end('lifetime')
      }),
    )
    open.add(
      // An error of `select` breaks this stream only.
      statuses$.pipe(tap(outbox.put)).subscribe({
        next: flush,
        complete: () => {
          isEnded = true
          flush()
        },
        error: (defect: unknown) => {
          close('defect', defect)
          controller.error(defect)
        },
      }),
    )
    if (signal.aborted) onAbort()
  }

  return new ReadableStream<Uint8Array>(
    {
      start,
      pull: () => {
        isPulled = true
        flush()
      },
      cancel: () => {
        close('left')
      },
    },
    { highWaterMark: 0 },
  )
}
