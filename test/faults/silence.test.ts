import { describe, expect, test } from '@jest/globals'
import { noop } from 'rxjs'
import { right } from 'fp-ts/Either'
import { timedOut, unreachable } from '../../src/model/failure'
import { completed } from '../answers'
import { beforeTheHead, inTheBody } from '../pipeline/faults'
import { inTurn } from '../pipeline/rawServer'
import { wire } from '../pipeline/wire'
import { follow, lost } from './follow'
import { good } from './laws'
import { row } from './row'

const attemptTimeout = 100

row(
  'no answer; TLS stall; one byte a second; FIN mid-body with a Content-Length; 101; endless 100-continue',
  ({ fetch, by }) => {
    const noHead = timedOut('headers', attemptTimeout)
    const noBody = timedOut('body', attemptTimeout)
    /** Node's own fetch sees at once what cross-fetch never does. */
    const seen = (failure: object) =>
      by({
        'cross-fetch': failure,
        "Node's own fetch": { ...unreachable(''), code: expect.stringMatching(/^UND_ERR_/) },
      })

    describe.each([
      ['no answer', beforeTheHead['is silent'], noHead],
      ['no end of the head', beforeTheHead['is silent in the head'], noHead],
      ['a head, a byte at a time', beforeTheHead['has a head that comes a byte at a time'], noHead],
      ['a head, and no body', inTheBody['never comes'](200), noBody],
      ['a body that stops half-way', inTheBody['stops half-way'](200), noBody],
      ['a body, a byte at a time', inTheBody['comes a byte at a time'](200), noBody],
      ['FIN mid-body with a Content-Length', inTheBody['is cut'](200), seen(noBody)],
      ['101', beforeTheHead['switches protocols'], seen(noHead)],
      ['endless 100-continue', beforeTheHead['continues for ever'], seen(noHead)],
    ])('%s', (_, reply, failure) => {
      test('is tried again when the time of each attempt is up, every connection closed', async () => {
        const server = await wire(reply)
        const values = await follow(server.url, { fetch, attemptTimeout }).ended
        expect(values).toEqual([lost(failure, 3)])
        expect(server.requests).toHaveLength(3)
        await server.gone()
      })

      test('is forgotten when a good answer follows', async () => {
        const server = await wire(inTurn(reply, good))
        const values = await follow(server.url, { fetch, attemptTimeout }).ended
        expect(values).toEqual([right(completed)])
        expect(server.requests).toHaveLength(2)
      })
    })

    test('TLS that never begins is tried again when the time of each attempt is up', async () => {
      const server = await wire(noop)
      const secure = server.url.replace('http:', 'https:')
      const values = await follow(secure, { fetch, attemptTimeout }).ended
      expect(values).toEqual([lost(noHead, 3)])
      expect(server.requests).toEqual([])
      // Node's own fetch gives a connection up that it began only after 10 s: see docs/testing.md.
      await by({ 'cross-fetch': server.left, "Node's own fetch": server.close })()
    })

    test('each attempt takes its time, and not much more', async () => {
      const server = await wire(noop)
      const followed = follow(server.url, { fetch, attemptTimeout })
      await followed.ended
      const [first = 0, second = 0, third = 0] = followed.attempts()
      for (const took of [second - first, third - second]) {
        expect(took).toBeGreaterThanOrEqual(attemptTimeout - 1)
        expect(took).toBeLessThan(attemptTimeout * 20)
      }
    })
  },
)
