import { request as httpRequest, type IncomingMessage } from 'node:http'
import { pipeline, type Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { parsePollingUrl, type UploadRef, type WatchEvent } from 'rx-upload-status'
import type { Sandbox } from 'rx-upload-status/sandbox'
import type { Doing, Step } from './history'
import type { StartedUpload } from './startedUpload'

/** Uploads that were started here; nobody may see others. */
export interface Uploads {
  /** Starts one. To the form, which is the API's own, nothing is added but the key. */
  readonly start: (name: string, form: Readable, contentType: string) => Promise<StartReply>
  /** The latest 100, newest first. */
  readonly list: () => readonly StartedUpload[]
  /** Whether it was started here, however long ago. */
  readonly has: (ref: UploadRef) => boolean
  /** Remembers what became of an upload. */
  readonly note: (event: WatchEvent) => void
}

/** What the page is told: the upload, or why the API wants none of it. */
type StartReply =
  | { readonly status: 202; readonly body: StartedUpload }
  | { readonly status: number; readonly body: { readonly error: string } }

const mostListed = 100

/** As many as the sandbox holds. */
const mostHeld = 10_000

/** What matters of the API's answers. */
const Accepted = t.type({ polling_url: t.string })
const Refused = t.type({ error: t.string })

/** No uploads yet, of the sandbox's first account. */
export const createUploads = ({ url, apiKey, accounts: [account = ''] }: Sandbox): Uploads => {
  // In the order of their starts. All have the same account.
  const started = new Map<string, StartedUpload>()
  const find = (ref: UploadRef): StartedUpload | undefined =>
    ref.account === account ? started.get(ref.upload) : undefined
  return {
    list: () => [...started.values()].slice(-mostListed).reverse(),
    has: ref => find(ref) !== undefined,
    note: event => {
      const doing = doneIn(event)
      const upload = find(event)
      if (doing === null || upload === undefined) return
      started.set(upload.upload, withStep(upload, { doing, at: Date.now() }))
    },
    start: async (name, form, contentType) => {
      const headers = { authorization: `Bearer ${apiKey}`, 'content-type': contentType }
      const response = await post(`${url}/api/${account}/media/vault`, headers, form)
      const answer = await json(response)
      const pollingUrl = Accepted.is(answer) ? answer.polling_url : ''
      const ref = parsePollingUrl(pollingUrl, { baseUrl: url })
      if (E.isLeft(ref)) {
        const error = Refused.is(answer) ? answer.error : 'The API refused the upload.'
        return { status: 422, body: { error } }
      }
      const waiting = { doing: 'waiting', at: Date.now() } as const
      const body = { ...ref.right, name: name.slice(0, 200), history: [waiting] }
      started.set(body.upload, body)
      const [oldest] = started.keys()
      if (started.size > mostHeld && oldest !== undefined) started.delete(oldest)
      return { status: 202, body }
    },
  }
}

const post = (
  url: string,
  headers: Readonly<Record<string, string>>,
  form: Readable,
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    pipeline(
      form,
      httpRequest(url, { method: 'POST', headers }, resolve),
      (error: Error | null | undefined) => {
        if (error != null) reject(error)
      },
    )
  })

const doneIn = (event: WatchEvent): Doing | null => {
  if (event._tag === 'StatusReceived') return event.status
  return event._tag === 'Settled' && E.isLeft(event.value) ? 'unknown' : null
}

/** A status that was there before is none again: it went back, or another reader asked for it. */
const withStep = (upload: StartedUpload, step: Step): StartedUpload =>
  upload.history.some(({ doing }) => doing === step.doing)
    ? upload
    : { ...upload, history: [...upload.history, step] }
