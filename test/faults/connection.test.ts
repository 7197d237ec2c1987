import { describe, expect, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { unreachable } from '../../src/failure/failure'
import { completed, processing } from '../answers'
import { beforeTheHead, inTheBody } from '../http/faults'
import { inTurn, whole, type Wire } from '../http/rawServer'
import { wire } from '../http/wire'
import { follow, lost } from './follow'
import { good, isRetried } from './laws'
import { failLookUps } from './lookUp'
import { row } from './row'

const asking = whole(200, JSON.stringify(processing))

row(
  'ECONNREFUSED, ECONNRESET, EAI_AGAIN, ENOTFOUND, socket hang up, premature close, reset mid-body',
  ({ fetch, by }) => {
    const closed = by({ 'cross-fetch': 'ECONNRESET', "Node's own fetch": 'UND_ERR_SOCKET' })
    // If a reset overtakes earlier data, it looks like an orderly end.
    const reset: unknown = expect.stringMatching(/^(ECONNRESET|UND_ERR_SOCKET)$/)

    describe('a closed port', () => {
      test('is retried, and ends the watch after the last retry', async () => {
        const { url, close } = await wire(good)
        await close()
        expect(await follow(url, { fetch }).ended).toEqual([lost(unreachable('ECONNREFUSED'), 3)])
      })

      test('does not end the watch if a server starts there', async () => {
        const { url, close } = await wire(good)
        await close()
        const followed = follow(url, { fetch, retry: { retries: 100, base: 50, cap: 50 } })
        await followed.received('AttemptFailed')
        const server: Wire = await wire(good, Number(new URL(url).port))
        expect(await followed.ended).toEqual([right(completed)])
        expect(server.requests).toHaveLength(1)
      })
    })

    describe.each(['EAI_AGAIN', 'ENOTFOUND'])('a host name that fails with %s', code => {
      const named = (url: string): string => url.replace('127.0.0.1', 'localhost')

      test('is retried, and ends the watch after the last retry', async () => {
        const server = await wire(good)
        failLookUps(code)
        expect(await follow(named(server.url), { fetch }).ended).toEqual([
          lost(unreachable(code), 3),
        ])
        expect(server.connections()).toBe(0)
      })

      test('does not end the watch if the next lookup succeeds', async () => {
        const server = await wire(good)
        failLookUps(code, 1)
        const { ended, attempts } = follow(named(server.url), { fetch })
        expect(await ended).toEqual([right(completed)])
        expect(attempts()).toHaveLength(2)
      })
    })

    test('an invalid host name is retried, and ends the watch after the last retry', async () => {
      const { ended } = follow(`https://${'x'.repeat(64)}.invalid/`, { fetch })
      expect(await ended).toEqual([lost(unreachable('ENOTFOUND'), 3)])
    })

    describe.each([
      ['closes at once (socket hang up)', beforeTheHead['closes immediately'], closed],
      ['resets at once (ECONNRESET)', beforeTheHead['resets immediately'], reset],
      ['closes in the head', beforeTheHead['closes in the head'], closed],
      ['resets in the head', beforeTheHead['resets in the head'], reset],
      [
        'closes in the body (premature close)',
        inTheBody['is cut between its chunks'](200),
        by({ 'cross-fetch': 'ERR_STREAM_PREMATURE_CLOSE', "Node's own fetch": 'UND_ERR_SOCKET' }),
      ],
      ['resets in the body', inTheBody['is reset'](200), reset],
    ])('a server that %s', (_, reply, code) => {
      isRetried(reply, { ...unreachable(''), code }, { fetch })
    })

    test('a kept-alive connection that is reset during the next poll does not end the watch', async () => {
      const server = await wire(inTurn(asking, beforeTheHead['resets immediately'], good))
      expect(await follow(server.url, { fetch }).ended).toEqual([
        right(processing),
        right(completed),
      ])
      expect(server.requests).toHaveLength(3)
    })
  },
)
