import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { completed, pending, type Sandbox } from '../../../src/sandbox'
import { completed as completedAnswer, pending as pendingAnswer } from '../../answers'
import { keptFramings } from '../../http/framing'
import { head, whole } from '../../http/rawServer'
import { wire } from '../../http/wire'
import { openSecure } from '../../platform/secureServer'
import { selfSigned } from '../../platform/selfSigned'
import { openSandbox } from '../../sandbox/openSandbox'
import { buildProgram, runProgram, type Run } from '../program'
import { openProxy } from '../proxyServer'

const key = 'sk_test_secret'
const credentials = 'me:pass%40word'
const upload = 'ofapi_media_1'
const path = `/api/acct_1/media/uploads/${upload}/status`
const identity = selfSigned('app.onlyfansapi.com')

let folder = ''
let authority = ''
beforeAll(async () => {
  await buildProgram()
  folder = await mkdtemp(join(tmpdir(), 'upload-status-proxy-'))
  authority = join(folder, 'ca.pem')
  await writeFile(authority, identity.cert)
})
afterAll(() => rm(folder, { recursive: true }))

const watch = (flags: readonly string[], env: Readonly<Record<string, string>>): Promise<Run> =>
  runProgram(['watch', ...flags, 'acct_1', upload], {
    env: { ONLYFANSAPI_API_KEY: key, NODE_EXTRA_CA_CERTS: authority, DEBUG: '*', ...env },
  })

const scripted = async (): Promise<Sandbox> => {
  const sandbox = await openSandbox({ apiKey: key })
  sandbox.script('acct_1', [pending(), completed()], upload)
  return sandbox
}

const expectNoSecret = ({ stdout, stderr }: Run): void => {
  expect(stdout + stderr).not.toMatch(/sk_test_secret|pass(%40|@)word|bWU6/)
}

describe('watch behind a proxy', () => {
  test('requests an http server through the proxy, with its credentials', async () => {
    const sandbox = await scripted()
    const proxy = await openProxy()
    const http_proxy = `http://${credentials}@127.0.0.1:${String(proxy.port)}`
    const run = await watch(['--base-url', sandbox.url], { http_proxy })
    expect(run).toMatchObject({ code: 0, stderr: '' })
    const line = `GET ${sandbox.url}${path} as me:pass@word`
    expect(proxy.asked()).toEqual([line, line])
    expectNoSecret(run)
  })

  test('reads no answer from bytes that the proxy sends on an idle connection', async () => {
    const proxy = await wire((socket, nth) => {
      const status = JSON.stringify(nth === 1 ? pendingAnswer : completedAnswer)
      whole(200, status, {}, keptFramings)(socket, nth)
      // The next poll follows after a second.
      setTimeout(() => socket.write(head(408, { 'Content-Length': '0' })), 100)
    })
    const http_proxy = proxy.url
    const run = await watch(['--base-url', 'http://127.0.0.1:1'], { http_proxy })
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect([proxy.requests.length, proxy.connections()]).toEqual([2, 2])
  })

  test('requests an https server through a tunnel; the proxy does not see the key', async () => {
    const server = await openSecure(identity, JSON.stringify(completedAnswer))
    const proxy = await openProxy({ tunnelTo: server.port })
    const HTTPS_PROXY = `${credentials}@127.0.0.1:${String(proxy.port)}`
    const run = await watch([], { HTTPS_PROXY })
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(proxy.asked()).toEqual(['CONNECT app.onlyfansapi.com:443 as me:pass@word'])
    expectNoSecret(run)
  })

  test.each([
    ['HTTP_PROXY is in upper case', 'HTTP_PROXY', ''],
    ['NO_PROXY names the host', 'http_proxy', 'a.example,127.0.0.0/8'],
  ])('connects directly if %s', async (_, variable, NO_PROXY) => {
    const sandbox = await scripted()
    const proxy = await openProxy()
    const env = { [variable]: `http://127.0.0.1:${String(proxy.port)}`, NO_PROXY }
    expect(await watch(['--base-url', sandbox.url], env)).toMatchObject({ code: 0 })
    expect(proxy.asked()).toEqual([])
  })

  test('ends if the proxy rejects the credentials', async () => {
    const proxy = await openProxy({ refuseWith: 407 })
    const HTTPS_PROXY = `http://${credentials}@127.0.0.1:${String(proxy.port)}`
    const run = await watch(['--deadline', '1s'], { HTTPS_PROXY })
    expect(run.code).toBe(2)
    expectNoSecret(run)
  })

  test.each([
    ['cannot be reached', (port: number) => port],
    ['never answers', null],
  ])('ends at its deadline if the proxy %s', async (_, closedPort) => {
    const sockets: Socket[] = []
    const silent = createServer(socket => sockets.push(socket))
    await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
    const address = silent.address()
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0
    if (closedPort !== null) silent.close()
    const HTTPS_PROXY = `http://${credentials}@127.0.0.1:${String(port)}`
    const run = await watch(['--deadline', '1s', '--attempt-timeout', '200ms'], { HTTPS_PROXY })
    silent.close()
    for (const socket of sockets) socket.destroy()
    expect(run.code).toBe(2)
    expectNoSecret(run)
  })

  test.each(['socks5://me:password@127.0.0.1:1', 'http://me:%zz@127.0.0.1', 'http://', '://x'])(
    'rejects an address that it cannot use, and does not repeat it: %s',
    async HTTPS_PROXY => {
      const { code, stdout, stderr } = await watch([], { HTTPS_PROXY })
      expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
      expect(stderr).toMatch(/: HTTPS_PROXY must be the address of an http or https proxy, like /)
      expect(stderr).not.toMatch(/password|%zz/)
    },
  )
})
