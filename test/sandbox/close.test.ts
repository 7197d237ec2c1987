import { spawnSync } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { buildSync } from 'esbuild'
import { delayed, pending, silent, startSandbox, trickle, wire } from '../../src/sandbox'
import type { ScriptedAnswer } from '../../src/sandbox'

/** Opens a connection and sends a part of a request. */
const connected = async (url: string, text: string): Promise<Socket> => {
  const { port, hostname } = new URL(url)
  const socket = connect(Number(port), hostname)
  await new Promise(resolve => socket.once('connect', resolve))
  await new Promise(resolve => socket.write(text, resolve))
  return socket
}

const closed = (socket: Socket): Promise<void> =>
  new Promise(resolve => {
    socket.on('error', () => undefined)
    socket.once('close', () => {
      resolve()
    })
    socket.resume()
  })

describe('close', () => {
  test.each<[string, ScriptedAnswer]>([
    ['silent', silent()],
    ['delayed', delayed(60_000, pending())],
    ['trickling', trickle(pending(), { every: 60_000 })],
    ['raw', wire('x', 'stay')],
  ])('ends a connection with a %s answer', async (_, answer) => {
    let received: () => void = () => undefined
    const request = new Promise<void>(resolve => {
      received = resolve
    })
    const sandbox = await startSandbox({
      on: () => {
        received()
      },
    })
    const { pollingUrl } = sandbox.script('acct_sandbox', [answer])
    const head = `Host: s\r\nAuthorization: Bearer ${sandbox.apiKey}\r\n\r\n`
    const socket = await connected(
      sandbox.url,
      `GET ${new URL(pollingUrl).pathname} HTTP/1.1\r\n${head}`,
    )
    await request
    await Promise.all([closed(socket), sandbox.close()])
    await expect(fetch(sandbox.url)).rejects.toThrow('fetch failed')
  })

  test.each([
    ['nothing', ''],
    ['half a head', 'GET / HTTP/1.1\r\n'],
    [
      'half a body',
      'POST /api/acct_sandbox/media/vault HTTP/1.1\r\nHost: s\r\n' +
        'Authorization: Bearer sandbox-key-not-a-secret\r\nContent-Length: 9\r\n\r\nhalf',
    ],
  ])('ends a connection on which %s was sent', async (_, text) => {
    const sandbox = await startSandbox()
    const socket = await connected(sandbox.url, text)
    await Promise.all([closed(socket), sandbox.close()])
  })

  test('ends idle connections that are kept alive', async () => {
    const sandbox = await startSandbox()
    await (await fetch(sandbox.url)).text()
    await sandbox.close()
  })

  test('may be called twice', async () => {
    const sandbox = await startSandbox()
    const first = sandbox.close()
    expect(sandbox.close()).toBe(first)
    await first
  })

  test('lets the process exit during a delayed answer', () => {
    const { outputFiles } = buildSync({
      stdin: {
        contents: `
          import { startSandbox, delayed, pending } from './src/sandbox'
          const sandbox = await startSandbox()
          const { pollingUrl } = sandbox.script('acct_sandbox', [delayed(600_000, pending())])
          const headers = { authorization: 'Bearer ' + sandbox.apiKey }
          const poll = fetch(pollingUrl, { headers }).catch(() => console.log('ended'))
          while (sandbox.counts().requests === 0) await new Promise(setImmediate)
          await sandbox.close()
          await poll`,
        resolveDir: process.cwd(),
      },
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      write: false,
    })
    const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-'], {
      input: outputFiles[0]?.text,
      encoding: 'utf8',
      timeout: 10_000,
    })
    expect([status, stdout]).toEqual([0, 'ended\n'])
  })

  test('frees the port', async () => {
    const sandbox = await startSandbox()
    await sandbox.close()
    const again = await startSandbox({ port: Number(new URL(sandbox.url).port) })
    expect(again.url).toBe(sandbox.url)
    await again.close()
  })
})
