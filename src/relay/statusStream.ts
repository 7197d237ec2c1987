import { Subscription, tap, type Observable } from 'rxjs'
import type { TrackedStatus } from '../api/uploadRef'
import { after } from '../runtime/wait'
import type { Outbox } from './outbox'
import { streamIsOver } from './protocol/over'
import type { StreamClosed } from './relayEvent'

type Closing = StreamClosed['why']

/** A comment, which readers pass over. */
const beat = ':\n\n'

/** Heartbeats that a reader may let go by before it is given up. */
const mostMissed = 4

/** What a stream goes by. Durations are milliseconds. */
export interface StreamSettings {
  readonly heartbeat: number
  readonly lifetime: number
  /** Aborted when the reader leaves, where the host says so. */
  readonly signal: AbortSignal
  /** Called once; with what was thrown, if it is closed by a defect. */
  readonly closed: (why: Closing, defect?: unknown) => void
}

/**
 * The body that carries what is learned. Nothing is queued in it: it gives when it is asked, and
 * until then the outbox keeps the latest.
 */
export const statusStream = (
  statuses$: Observable<TrackedStatus>,
  outbox: Outbox,
  { heartbeat, lifetime, signal, closed }: StreamSettings,
): ReadableStream<Uint8Array> => {
  const open = new Subscription()
  const encoder = new TextEncoder()
  let isWanted = false
  let missed = 0
  let isEnded = false
  let give = (): void => undefined

  const close = (why: Closing, defect?: unknown): void => {
    if (open.closed) return
    open.unsubscribe()
    closed(why, defect)
  }

  const start = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    const send = (text: string): void => {
      isWanted = false
      missed = 0
      controller.enqueue(encoder.encode(text))
    }

    const end = (why: Closing): void => {
      if (open.closed) return
      close(why)
      controller.close()
    }

    give = () => {
      if (open.closed) return
      if (isWanted && !outbox.isEmpty()) send(outbox.take())
      if (isEnded && outbox.isEmpty()) end('ended')
    }

    const leave = (): void => {
      end('left')
    }
    signal.addEventListener('abort', leave)
    open.add(() => {
      signal.removeEventListener('abort', leave)
    })
    const heart = setInterval(() => {
      if (isWanted) send(beat)
      else if (++missed >= mostMissed) end('stalled')
    }, heartbeat)
    open.add(() => {
      clearInterval(heart)
    })
    open.add(
      after(lifetime, () => {
        if (!open.closed) send(streamIsOver)
        end('lifetime')
      }),
    )
    open.add(
      // What `select` throws is a defect of this stream, and of no other.
      statuses$.pipe(tap(outbox.put)).subscribe({
        next: give,
        complete: () => {
          isEnded = true
          give()
        },
        error: (defect: unknown) => {
          close('defect', defect)
          controller.error(defect)
        },
      }),
    )
    if (signal.aborted) leave()
  }

  return new ReadableStream<Uint8Array>(
    {
      start,
      pull: () => {
        isWanted = true
        give()
      },
      cancel: () => {
        close('left')
      },
    },
    { highWaterMark: 0 },
  )
}
