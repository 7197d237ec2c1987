import { afterEach, expect } from '@jest/globals'
import { connect } from 'node:net'
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox'

const opened: Sandbox[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map(sandbox => sandbox.close()))
})

/** A sandbox that is closed after the test. Its answers have mixed framings. */
export const openSandbox = async (options: SandboxOptions = {}): Promise<Sandbox> => {
  const sandbox = await startSandbox({ framing: 'mixed', ...options })
  opened.push(sandbox)
  return sandbox
}

/** A clock in milliseconds that only advances when a test moves it forward. */
export const handClock = (): {
  readonly now: () => number
  readonly forward: (ms: number) => void
} => {
  let at = 0
  return {
    now: () => at,
    forward: ms => {
      at += ms
    },
  }
}

/** A complete answer. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

/** Sends a request with the sandbox's key. */
export const ask = async (
  sandbox: Sandbox,
  path: string,
  init: RequestInit = {},
): Promise<Answer> => {
  const headers = new Headers(init.headers)
  if (!headers.has('authorization')) headers.set('authorization', `Bearer ${sandbox.apiKey}`)
  const response = await fetch(new URL(path, sandbox.url), { ...init, headers })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  const body: unknown = isJson && text !== '' ? JSON.parse(text) : text
  return { status: response.status, headers: response.headers, body }
}

/** The path of an endpoint: `vault`, `upload`, or the path after the account. */
const pathOf = (account: string, endpoint: string): string =>
  `/api/${account.startsWith('fansly_') ? 'fansly/' : ''}${account}/` +
  (endpoint.includes('/') ? endpoint : `media/${endpoint}`)

/** POSTs JSON to an endpoint. */
export const post = (
  sandbox: Sandbox,
  endpoint: string,
  body: unknown,
  account = 'acct_sandbox',
): Promise<Answer> =>
  ask(sandbox, pathOf(account, endpoint), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

/** Durations without random variation. */
export const exact = { pending: 500, processing: 2_000, spread: 0 }

export const fileUrl = 'https://media.example/photo.jpg'

export const uploadId = /^ofapi_media_[0-9a-f]{32}$/

/** Starts an asynchronous upload and returns the body of its 202. */
export const startAsync = async (
  sandbox: Sandbox,
  endpoint = 'vault',
  file_url = fileUrl,
  account = 'acct_sandbox',
): Promise<{ readonly prefixed_id: string; readonly polling_url: string }> => {
  const { status, body } = await post(sandbox, endpoint, { file_url, async: true }, account)
  expect(status).toBe(202)
  expect(body).toMatchObject({ prefixed_id: expect.any(String), polling_url: expect.any(String) })
  return body as { prefixed_id: string; polling_url: string }
}

/** POSTs a form to an endpoint. */
export const postForm = (
  sandbox: Sandbox,
  endpoint: string,
  fields: Readonly<Record<string, string | File>>,
  account = 'acct_sandbox',
): Promise<Answer> => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return ask(sandbox, pathOf(account, endpoint), { method: 'POST', body: form })
}

/** The bytes that a socket received as the answer to a poll. */
export interface RawAnswer {
  readonly received: string
  /** How the connection ended: closed, or reset. */
  readonly ending: 'end' | 'reset'
}

/**
 * Polls over a socket until the server closes the connection: one request, one with
 * `Connection: close`, or twenty in one packet.
 */
export const pollRaw = (
  pollingUrl: string,
  apiKey: string,
  requests: 'one' | 'close' | 'pipeline' = 'one',
): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const { hostname, port, pathname } = new URL(pollingUrl)
    const socket = connect(Number(port), hostname)
    let received = ''
    socket.setEncoding('latin1')
    socket.on('data', piece => {
      received += String(piece)
    })
    socket.once('end', () => {
      resolve({ received, ending: 'end' })
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET') resolve({ received, ending: 'reset' })
      else reject(error)
    })
    const head = `GET ${pathname} HTTP/1.1\r\nHost: sandbox\r\nAuthorization: Bearer ${apiKey}\r\n`
    const last = `${head}${requests === 'one' ? '' : 'Connection: close\r\n'}\r\n`
    socket.write(requests === 'pipeline' ? `${head}\r\n`.repeat(19) + last : last)
  })
