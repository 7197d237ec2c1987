import { describe, expect, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { firstValueFrom, noop, Subject } from 'rxjs'
import { timedOut, unreachable, type Failure } from '../../src/failure/failure'
import type { Fetch } from '../../src/http/fetch'
import { completed } from '../answers'
import { beforeTheHead, inTheBody } from '../http/faults'
import { inTurn, type Reply } from '../http/rawServer'
import { wire } from '../http/wire'
import { inFakeTime, pass } from './fakeTime'
import { follow, lost } from './follow'
import { good } from './laws'
import { row } from './row'

const attemptTimeout = 10_000

/** Wraps a fetch. `headed` resolves when the fetch has resolved this many times. */
const counting = (fetch: Fetch) => {
  const heads$ = new Subject<void>()
  let heads = 0
  const counted: Fetch = async (url, init) => {
    const response = await fetch(url, init)
    heads += 1
    heads$.next()
    return response
  }
  const headed = async (many: number): Promise<void> => {
    while (heads < many) await firstValueFrom(heads$)
  }
  return { counted, headed }
}

row(
  'no answer; TLS stall; one byte a second; FIN mid-body with a Content-Length; 101; endless 100-continue',
  ({ fetch, by }) => {
    inFakeTime()

    const noHead = timedOut('headers', attemptTimeout)
    const noBody = timedOut('body', attemptTimeout)
    /** Node's own fetch notices immediately what cross-fetch never does. */
    const closed: Partial<Failure> = {
      ...unreachable(''),
      code: expect.stringMatching(/^UND_ERR_/) as never,
    }
    const seen = (failure: Partial<Failure>) =>
      by({ 'cross-fetch': failure, "Node's own fetch": closed })

    describe.each<[string, Reply, Partial<Failure>]>([
      ['no answer', beforeTheHead['is silent'], noHead],
      ['a head that never ends', beforeTheHead['is silent in the head'], noHead],
      ['a head, a byte at a time', beforeTheHead['has a head that comes a byte at a time'], noHead],
      ['a head without a body', inTheBody['never comes'](200), noBody],
      ['a body that stops half-way', inTheBody['stops half-way'](200), noBody],
      ['a body, a byte at a time', inTheBody['comes a byte at a time'](200), noBody],
      ['FIN mid-body with a Content-Length', inTheBody['is cut'](200), seen(noBody)],
      ['101', beforeTheHead['switches protocols'], seen(noHead)],
      ['endless 100-continue', beforeTheHead['continues forever'], seen(noHead)],
    ])('%s', (_, reply, failure) => {
      /** `exhaust(n)` waits until the n-th attempt is stuck, then passes its attemptTimeout. */
      const begin = async (replies: Reply) => {
        const server = await wire(replies)
        const { counted, headed } = counting(fetch)
        const since = performance.now()
        const watch = follow(server.url, { fetch: counted, attemptTimeout })
        const exhaust = async (nth: number): Promise<void> => {
          pass(2)
          await server.heard(nth)
          if (failure._tag === 'TimedOut') {
            if (failure.phase === 'body') await headed(nth)
            const [began = NaN] = watch.attempts().slice(-1)
            pass(since + began + attemptTimeout - performance.now() - 1)
            expect(watch.failures()).toHaveLength(nth - 1)
            pass(1)
          }
          await watch.received('AttemptFailed', nth)
        }
        return { server, watch, exhaust }
      }

      test('is retried at attemptTimeout at the latest, and every connection is closed', async () => {
        const { server, watch, exhaust } = await begin(reply)
        for (const nth of [1, 2, 3]) await exhaust(nth)
        expect(await watch.ended).toEqual([lost(failure, 3)])
        await server.gone()
        expect(server.requests).toHaveLength(3)
      })

      test('does not end the watch if a good answer follows', async () => {
        const { server, watch, exhaust } = await begin(inTurn(reply, good))
        await exhaust(1)
        pass(2)
        expect(await watch.ended).toEqual([right(completed)])
        expect(server.requests).toHaveLength(2)
      })
    })

    test('a TLS handshake that never starts is retried at attemptTimeout', async () => {
      const server = await wire(noop)
      const secure = server.url.replace('http:', 'https:')
      const watch = follow(secure, { fetch, attemptTimeout })
      for (const nth of [1, 2, 3]) {
        pass(2)
        await server.met(nth)
        pass(attemptTimeout)
        await watch.received('AttemptFailed', nth)
      }
      expect(await watch.ended).toEqual([lost(noHead, 3)])
      expect(server.requests).toEqual([])
      // Node's own fetch abandons a started connection only after 10 s: see docs/testing.md.
      await by({ 'cross-fetch': server.left, "Node's own fetch": server.close })()
    })
  },
)
