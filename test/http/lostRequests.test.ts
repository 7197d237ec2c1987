import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { beforeEach, describe, expect, jest, test } from '@jest/globals'
import { build } from 'esbuild'
import { left } from 'fp-ts/Either'
import { noop } from 'rxjs'
import { malformed, timedOut, unreachable } from '../../src/failure/failure'
import type { ApiKey } from '../../src/http/apiKey'
import { classify } from '../../src/api/classify'
import type { Fetch } from '../../src/http/fetch'
import { request$ } from '../../src/http/request'
import { pending, ref } from '../answers'
import { fetches } from '../fetches'
import { beforeTheHead, inTheBody } from './faults'
import { again, bytes, head, whole } from './rawServer'
import { wire } from './wire'
import { isTransient } from '../../src/failure/match'
import { key, settings, ask, answerOf, failureOf } from './ask'

const json = JSON.stringify(pending)

describe.each(fetches)('a request by %s', (name, fetch) => {
  /** Faults that look like a slow server: only the timeout detects them. */
  const slow = new Set([
    'is silent',
    'is silent in the head',
    'never comes',
    'stops half-way',
    'has a head that comes a byte at a time',
    'comes a byte at a time',
    // node-fetch misses these.
    ...(name === 'cross-fetch' ? ['switches protocols', 'continues forever', 'is cut'] : []),
  ])

  describe.each(Object.entries(beforeTheHead))('to a server that %s', (fault, reply) => {
    test('fails as unreachable or timed out, and leaves no connection', async () => {
      const server = await wire(reply)
      const attemptTimeout = slow.has(fault) ? 400 : settings.attemptTimeout
      const failure = failureOf(await ask(server.url, { fetch, attemptTimeout }))
      if (slow.has(fault)) expect(failure).toEqual(timedOut('headers', attemptTimeout))
      else
        expect(failure).toEqual(
          unreachable(expect.stringMatching(/^(HPE|UND_ERR)_|^ECONN/) as never),
        )
      expect(isTransient(failure)).toBe(true)
      await server.gone()
      expect(server.requests).toHaveLength(1)
    })
  })

  describe.each(Object.entries(inTheBody))('whose answer has a body that %s', (fault, replyOf) => {
    const attemptTimeout = slow.has(fault) ? 400 : settings.attemptTimeout
    const lost =
      fault === 'is a gzip bomb'
        ? malformed('oversized')
        : slow.has(fault)
          ? timedOut('body', attemptTimeout)
          : unreachable(expect.stringMatching(/^(HPE|UND_ERR|ERR|Z)_|^ECONN/) as never)

    test('fails, and leaves no connection', async () => {
      const server = await wire(replyOf(200))
      const answer = answerOf(await ask(server.url, { fetch, attemptTimeout }))
      expect(answer.body).toEqual(left(lost))
      expect(classify(ref.upload, answer)).toEqual(answer.body)
      await server.gone()
      expect(server.requests).toHaveLength(1)
    })

    test.each([
      [401, 'Rejected'],
      [404, 'Rejected'],
      [429, 'Throttled'],
      [503, 'Unavailable'],
    ] as const)('with a %d is still %s', async (status, tag) => {
      const server = await wire(replyOf(status))
      const answer = answerOf(await ask(server.url, { fetch, attemptTimeout }))
      expect(answer.status).toBe(status)
      expect(answer.body).toEqual(left(lost))
      expect(failureOf(classify(ref.upload, answer))._tag).toBe(tag)
      await server.gone()
    })
  })

  test('to a port without a listener is unreachable', async () => {
    const server = await wire(noop)
    await server.close()
    expect(await ask(server.url, { fetch })).toEqual(left(unreachable('ECONNREFUSED')))
  })

  test('to a host name that cannot exist is unreachable', async () => {
    const failure = failureOf(await ask(`http://${'x'.repeat(64)}.invalid/`, { fetch }))
    expect(failure).toEqual(unreachable('ENOTFOUND'))
  })

  test('whose TLS handshake never starts times out, and leaves no connection', async () => {
    const server = await wire(noop)
    const result = await ask(server.url.replace('http:', 'https:'), { fetch, attemptTimeout: 60 })
    expect(result).toEqual(left(timedOut('headers', 60)))
    expect(server.requests).toEqual([])
    // Node's own fetch tries to connect for 10 s after an abort: a limit that docs/testing.md names.
    if (name === 'cross-fetch') await server.left()
    else await server.close()
  })

  test('has its own signal, which is aborted only if something is left to stop', async () => {
    const signals: AbortSignal[] = []
    const watched: Fetch = (url, init) => {
      signals.push(init.signal)
      return fetch(url, init)
    }
    const good = await wire(whole(200, json))
    const bad = await wire(noop)
    await ask(good.url, { fetch: watched })
    await ask(good.url, { fetch: watched })
    await ask(bad.url, { fetch: watched, attemptTimeout: 30 })
    expect(new Set(signals).size).toBe(3)
    expect(signals.map(signal => signal.aborted)).toEqual([false, false, true])
  })
})

describe.each(fetches)('a request by %s', (_, fetch) => {
  describe('on unsubscribe', () => {
    const emitted = jest.fn()
    const observer = { next: emitted, error: emitted, complete: emitted }

    beforeEach(() => {
      emitted.mockReset()
    })

    test('sends nothing while the key is awaited', async () => {
      const server = await wire(whole(200, json))
      let give: (given: string) => void = noop
      const apiKey: ApiKey = () =>
        new Promise(resolve => {
          give = resolve
        })
      request$(server.url, { ...settings, fetch, apiKey })
        .subscribe(observer)
        .unsubscribe()
      give(key)
      // A request that was sent would arrive before this one.
      await ask(server.url, { fetch })
      expect([server.requests.length, server.connections()]).toEqual([1, 1])
      expect(emitted).not.toHaveBeenCalled()
    })

    test('sends nothing in the turn of the subscription', async () => {
      const server = await wire(whole(200, json))
      request$(server.url, { ...settings, fetch })
        .subscribe(observer)
        .unsubscribe()
      await ask(server.url, { fetch })
      expect([server.requests.length, server.connections()]).toEqual([1, 1])
      expect(emitted).not.toHaveBeenCalled()
    })

    test('closes the connection while the head is awaited', async () => {
      const server = await wire(noop)
      const asking = request$(server.url, { ...settings, fetch }).subscribe(observer)
      await server.heard(1)
      asking.unsubscribe()
      await server.gone()
      expect(server.requests).toHaveLength(1)
      expect(emitted).not.toHaveBeenCalled()
    })

    test.each([
      ['has stalled', bytes(`${head(200, { 'content-length': '9999' })}{"a":`)],
      ['trickles', again(head(200, { 'content-length': '9999' }), ' ', 1)],
      ['has not begun', bytes(head(200, { 'content-length': '9999' }))],
    ])('closes the connection while the body %s', async (_, reply) => {
      const server = await wire(reply)
      const headed = new Promise<void>(resolve => {
        const watched: Fetch = async (url, init) => {
          const response = await fetch(url, init)
          setImmediate(() => {
            asking.unsubscribe()
            resolve()
          })
          return response
        }
        const asking = request$(server.url, { ...settings, fetch: watched }).subscribe(observer)
      })
      await headed
      await server.gone()
      expect(server.requests).toHaveLength(1)
      expect(emitted).not.toHaveBeenCalled()
    })
  })
})

test('no fault leaves an unhandled rejection or keeps the process alive', async () => {
  const replies = [
    ...Object.values(beforeTheHead),
    ...[200, 302, 429, 503].flatMap(status =>
      Object.values(inTheBody).map(replyOf => replyOf(status)),
    ),
    whole(200, '{}'),
    whole(302, '', { location: 'https://login.example/' }),
  ]
  const servers = await Promise.all(replies.map(wire))
  const { outputFiles } = await build({
    entryPoints: ['test/runtime/exitProgram.ts'],
    alias: { '#platform': './src/platform/node.ts' },
    bundle: true,
    // Bundled, it makes Node 22 and later print deprecations.
    external: ['cross-fetch'],
    platform: 'node',
    format: 'cjs',
    write: false,
  })
  const child = spawn(process.execPath, ['-', ...servers.map(({ url }) => url)])
  const output: string[] = []
  let outputAt = NaN
  const listen = (piece: unknown): void => {
    output.push(String(piece))
    outputAt = performance.now()
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  child.stdin.end(outputFiles[0]?.text)
  const exit: unknown = await once(child, 'exit')
  expect([exit, output.join('')]).toEqual([[0, null], `${String(servers.length * 4)} ended\n`])
  expect(performance.now() - outputAt).toBeLessThan(3_000)
  for (const server of servers) await server.gone()
}, 30_000)
