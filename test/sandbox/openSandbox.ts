import { afterEach } from '@jest/globals'
import { connect } from 'node:net'
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox'

const opened: Sandbox[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map(sandbox => sandbox.close()))
})

/** A sandbox that is closed after the test. */
export const openSandbox = async (options: SandboxOptions = {}): Promise<Sandbox> => {
  const sandbox = await startSandbox(options)
  opened.push(sandbox)
  return sandbox
}

/** A clock that stands still until it is put forward; milliseconds. */
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

/** Answers that were read to their end. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

/** Asks with the sandbox's key. */
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

/** POSTs JSON to one of the two endpoints. */
export const post = (sandbox: Sandbox, endpoint: string, body: unknown): Promise<Answer> =>
  ask(sandbox, `/api/acct_sandbox/media/${endpoint}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

/** POSTs a form to one of the two endpoints. */
export const postForm = (
  sandbox: Sandbox,
  endpoint: string,
  fields: Readonly<Record<string, string | File>>,
): Promise<Answer> => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return ask(sandbox, `/api/acct_sandbox/media/${endpoint}`, { method: 'POST', body: form })
}

/** What a bare socket saw of one poll. */
export interface Heard {
  readonly received: string
  /** How the connection went: closed in order, or reset. */
  readonly ending: 'end' | 'reset'
}

/** Polls over a bare socket until the server closes the connection. */
export const hear = (pollingUrl: string, apiKey: string): Promise<Heard> =>
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
    socket.write(
      `GET ${pathname} HTTP/1.1\r\nHost: sandbox\r\nAuthorization: Bearer ${apiKey}\r\n\r\n`,
    )
  })
