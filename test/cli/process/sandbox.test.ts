import { createHmac } from 'node:crypto'
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sandboxApiKey } from '../../../src/sandbox'
import { openSandbox } from '../../sandbox/openSandbox'
import { firstOf, receiver } from '../../sandbox/webhooks/receiver'
import { buildProgram, endOf, runProgram, startProgram } from '../program'

beforeAll(buildProgram)

let running: ChildProcessWithoutNullStreams | null = null
afterEach(() => {
  running?.kill('SIGKILL')
  running = null
})

/** A sandbox of the command line that listens, and a promise of the next text it prints. */
interface Listening {
  readonly child: ChildProcessWithoutNullStreams
  readonly url: string
  /** All that it has printed so far. */
  readonly printed: () => string
  /** Waits until it has printed something. */
  readonly until: (text: RegExp) => Promise<void>
}

const listen = async (...flags: readonly string[]): Promise<Listening> => {
  const child = startProgram(['sandbox', ...flags])
  running = child
  let printed = ''
  const until = (text: RegExp): Promise<void> =>
    new Promise(resolve => {
      const look = (): void => {
        if (!text.test(printed)) return
        child.stdout.off('data', look)
        resolve()
      }
      child.stdout.on('data', look)
      look()
    })
  child.stdout.on('data', piece => {
    printed += String(piece)
  })
  await until(/Requests:\n/)
  const [url = ''] = /http:\S+/.exec(printed) ?? []
  return { child, url, printed: () => printed, until }
}

const post = (url: string, key: string): Promise<Response> =>
  fetch(`${url}/api/acct_sandbox/media/vault`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ async: true, file_url: 'https://media.example/clip.mp4' }),
  })

const pollingUrlOf = async (response: Response): Promise<string> => {
  const body: unknown = await response.json()
  return typeof body === 'object' && body !== null && 'polling_url' in body
    ? String(body.polling_url)
    : ''
}

describe('sandbox', () => {
  test('serves uploads that can be watched until they end', async () => {
    const { url, until, printed } = await listen('--pending', '10ms', '--processing', '10ms')
    const pollingUrl = await pollingUrlOf(await post(url, sandboxApiKey))
    const { code } = await runProgram(['watch', '--base-url', url, pollingUrl], {
      env: { ONLYFANSAPI_API_KEY: sandboxApiKey },
    })
    expect(code).toBe(0)
    await until(/200 GET/)
    expect(printed()).toMatch(
      /^\d\d:\d\d:\d\d {2}202 POST \/api\/\{account\}\/media\/vault ofapi_/m,
    )
  })

  test('obeys its flags', async () => {
    const limit = ['--rate-limit', '3/min', '--window', 'sliding', '--lockout', '1m']
    const flags = [...limit, '--failure-rate', '1', '--seed', '7']
    const { url } = await listen(...flags, '--pending', '0s', '--processing', '0s')
    const pollingUrl = await pollingUrlOf(await post(url, sandboxApiKey))
    const headers = { authorization: `Bearer ${sandboxApiKey}` }
    const poll = (): Promise<Response> => fetch(pollingUrl, { headers })
    expect(await (await poll()).json()).toMatchObject({ status: 'failed' })
    const same = await openSandbox({ seed: 7 })
    expect(new URL(await pollingUrlOf(await post(same.url, sandboxApiKey))).pathname).toBe(
      new URL(pollingUrl).pathname,
    )
    await poll()
    expect((await poll()).status).toBe(429)
    const early = [await poll(), await poll(), await poll()]
    expect(await early.at(-1)?.text()).toContain('1015')
  })

  test('requires the key in the file, and does not print it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'upload-status-key-'))
    const file = join(folder, 'key')
    await writeFile(file, 'sk_test_secret\n')
    const { url, printed, until } = await listen('--key-file', file)
    await rm(folder, { recursive: true })
    expect((await post(url, sandboxApiKey)).status).toBe(401)
    expect((await post(url, 'sk_test_secret')).status).toBe(202)
    await until(/ 202 /)
    expect(printed()).not.toContain('sk_test_secret')
  })

  test('sends signed events to a webhook, and does not print the secret', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'upload-status-secret-'))
    const file = join(folder, 'secret')
    await writeFile(file, 'whsec_file\n', { mode: 0o600 })
    const { url: webhook, received } = await receiver()
    const instant = ['--pending', '0s', '--processing', '0s']
    const flags = ['--webhook', webhook, '--secret-file', file, ...instant]
    const { url, printed, until } = await listen(...flags)
    await rm(folder, { recursive: true })
    await post(url, sandboxApiKey)
    await until(/ 204 webhook media_uploads\.completed ofapi_media_/)
    const { headers, text } = firstOf(received)
    expect(headers['signature']).toBe(createHmac('sha256', 'whsec_file').update(text).digest('hex'))
    expect(printed()).toContain('Events are sent to your webhook, signed')
    expect(printed()).not.toContain('whsec_file')
  })

  test.each<[NodeJS.Signals, number]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('runs until %s, then ends with %d', async (signal, code) => {
    const { child, url } = await listen()
    await post(url, sandboxApiKey)
    child.kill(signal)
    expect(await endOf(child)).toMatchObject({ code, stderr: '' })
  })

  test.each([
    [['--port', '65536'], /port must be .*from 0 to 65535/],
    [['--rate-limit', '999999/min'], /--rate-limit must be .*from 1 to 100,000/],
    [
      ['--key-file', 'sk_test_secret'],
      /--key-file: the file cannot be read: there is no such file/,
    ],
  ])('ends with 64 and the reason for %j', async (flags, message) => {
    const { code, stdout, stderr } = await runProgram(['sandbox', ...flags])
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('sk_test_secret')
  })

  test('ends with 64 if its port is in use', async () => {
    const { url } = await openSandbox()
    const { port } = new URL(url)
    const { code, stderr } = await runProgram(['sandbox', '--port', port])
    expect(code).toBe(64)
    expect(stderr).toMatch(`port ${port} on 127.0.0.1 is in use`)
  })
})
