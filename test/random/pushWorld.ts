import { jest } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { defer, of } from 'rxjs'
import { createWebhook } from 'rx-upload-status/webhook'
import type { TerminalStatus, UploadStatus } from '../../src/api/status'
import { settingsOf, type WatchOptions } from '../../src/options'
import { eventBody, eventNameOf, type End } from '../../src/sandbox/webhooks/eventBody'
import { headersOf, isDelivered, retryAfter } from '../../src/sandbox/webhooks/delivery'
import type { ScriptedPush } from '../../src/sandbox/webhooks/plan'
import { sendsOf, type Send } from '../../src/sandbox/webhooks/sends'
import { answer, completed, failed, ok, pending, processing } from '../answers'
import type { Engine } from '../engines'

/** An upload, its watch, and the plan of its event. Times are milliseconds. */
export interface Life {
  readonly starts: number
  /** From the start to `processing`, and from there to the end. */
  readonly pends: number
  readonly takes: number
  readonly end: End
  /** From the start to its watch. */
  readonly watchedAfter: number
  readonly push: ScriptedPush
}

/** The behavior of a watch. */
export interface Lived {
  readonly emitted: ReadonlyArray<{ readonly at: number; readonly status: UploadStatus }>
  readonly endsAt: number
  readonly watchedAt: number
}

/** What happened in a world. */
export interface History {
  readonly lives: readonly Lived[]
  readonly requests: number
  /** When a poll first found an end without its event; Infinity if none did. */
  readonly firstMissAt: number
  readonly processed: readonly string[]
}

const account = 'acct_1'
const secret = 'whsec_1'
const terminal = { completed, failed } as const

const uploadOf = (nth: number): string => `ofapi_media_${String(nth)}`

/** When an upload ends: immediately if its event is sent before the upload is accepted. */
const endsAfter = ({ push, pends, takes }: Life): number =>
  push.kind === 'beforeAccepted' ? 0 : pends + takes

/** The status at the server, this many ms after the start. */
const statusAt = (life: Life, upload: string, age: number): UploadStatus => {
  const status =
    age >= endsAfter(life) ? terminal[life.end] : age >= life.pends ? processing : pending
  return { ...status, prefixed_id: upload }
}

/**
 * Runs watches with a webhook, and a vendor that delivers events by a plan, in fake time. The vendor is
 * the pure part of the sandbox; the webhook is the real one.
 *
 * @param fails whether `onStatus` fails for the n-th event
 */
export const live = async (
  engine: Engine,
  lives: readonly Life[],
  { fails, ...options }: WatchOptions & { readonly fails: (nth: number) => boolean },
): Promise<History> => {
  const from = performance.now()
  const now = (): number => Math.round(performance.now() - from)
  let happenings: { readonly at: number; readonly work: () => void | Promise<void> }[] = []
  const at = (time: number, work: () => void | Promise<void>): void => {
    happenings = [...happenings, { at: time, work }]
  }
  let [requests, events, firstMissAt] = [0, 0, Infinity]
  const processed: string[] = []
  const webhook = createWebhook({
    secrets: [secret],
    onStatus: ({ upload }) => {
      events += 1
      if (fails(events)) return Promise.reject(new Error('down'))
      processed.push(upload)
      return Promise.resolve()
    },
  })
  const push = Object.assign({}, webhook, {
    polled: (ref: { account: string; upload: string }, status: TerminalStatus): void => {
      if (webhook.latest(ref) === null) firstMissAt = Math.min(firstMissAt, now())
      webhook.polled(ref, status)
    },
  })
  const lifeOf = (upload: string): Life | undefined => lives[Number(upload.slice(12))]
  const watchOf$ = engine(
    ({ upload }) =>
      right(
        defer(() => {
          requests += 1
          const life = lifeOf(upload)
          return of(life ? ok(statusAt(life, upload, now() - life.starts)) : answer(404))
        }),
      ),
    settingsOf({ deadline: Infinity, ...options, push }),
  )
  let held: (() => void)[] = []

  const deliver =
    (upload: string, send: Send, attempt = 1) =>
    async (): Promise<void> => {
      const event = eventNameOf(send.end)
      const status = { ...terminal[send.end], prefixed_id: upload }
      const body = eventBody(status, account, send.end, send.spelling, 0)
      const eventId = `evt_${'0'.repeat(40)}`
      const delivery = { ...send, id: '', webhook: '', account, upload, event, eventId, body }
      const headers = headersOf({ ...delivery, redeliveryOf: null }, secret)
      const request = new Request('https://me.example/hook', { method: 'POST', headers, body })
      const answered = (await webhook(request)).status
      if (send.sender === 'stranger') return
      if (isDelivered(answered) && send.next !== null) start(upload, send.next)
      const wait = retryAfter(attempt, answered)
      if (wait !== null) at(now() + wait, deliver(upload, send, attempt + 1))
    }

  const start = (upload: string, send: Send): void => {
    if (!send.isHeld) {
      at(now() + send.delay, async () => {
        const waiting = held
        held = []
        await deliver(upload, send)()
        for (const release of waiting) release()
      })
      return
    }
    let isReleased = false
    const release = (): void => {
      if (!isReleased) at(now(), deliver(upload, send))
      isReleased = true
    }
    held.push(release)
    at(now() + send.delay + 10_000, release)
  }

  const lived = lives.map((life, nth): Lived => {
    const upload = uploadOf(nth)
    const emitted: { at: number; status: UploadStatus }[] = []
    const watchedAt = life.starts + life.watchedAfter
    const endsAt = life.starts + endsAfter(life)
    const { accepted, ended } = sendsOf(life.push, life.end)
    at(life.starts, () => {
      for (const send of accepted) start(upload, send)
    })
    at(endsAt, () => {
      for (const send of ended) start(upload, send)
    })
    at(watchedAt, () => {
      watchOf$({ account, upload }).subscribe(value => {
        if (value._tag === 'Right') emitted.push({ at: now(), status: value.right })
      })
    })
    return { emitted, watchedAt, endsAt }
  })

  while (happenings.length > 0) {
    const due = Math.min(...happenings.map(happening => happening.at))
    const works = happenings.filter(happening => happening.at <= due)
    happenings = happenings.filter(happening => happening.at > due)
    jest.advanceTimersByTime(Math.max(0, due - now()))
    for (const { work } of works) await work()
  }
  // The longest wait of the safety net, and then the lag of what was missed.
  jest.advanceTimersByTime(400_000)
  await new Promise(resolve => setImmediate(resolve))
  jest.advanceTimersByTime(60_000)
  await new Promise(resolve => setImmediate(resolve))
  return { lives: lived, requests, firstMissAt, processed }
}
