import { afterAll, expect } from '@jest/globals'
import fc from 'fast-check'
import { isLeft, left as leftOf, right } from 'fp-ts/Either'
import { lastValueFrom, map, toArray } from 'rxjs'
import { isTerminal } from 'rx-upload-status'
import { relayedUploadStatus$, type RelayedOptions } from 'rx-upload-status/relay/client'
import { completed, failed, pending, processing, ref } from '../../answers'
import { failureArbitrary } from '../../failure/failureArbitrary'
import { holds } from '../../random/holds'

const event = (status: unknown): string => `data: ${JSON.stringify({ ...ref, status })}\n\n`

const piece = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(pending, processing).map(right).map(event) },
  { weight: 1, arbitrary: fc.constantFrom(completed, failed).map(right).map(event) },
  { weight: 1, arbitrary: failureArbitrary.map(leftOf).map(event) },
  { weight: 2, arbitrary: fc.constantFrom(':\n\n', 'retry: 1\n\n', 'data: {}\n\n', '\r') },
  { weight: 1, arbitrary: fc.constantFrom('data: {\n\n', 'data: 1\n\n', event(null), event({})) },
  { weight: 1, arbitrary: fc.json().map(json => `data: ${json}\n\n`) },
)

/** One connection: its status, its chunks, and how it ends. */
const connection = fc.record({
  status: fc.constantFrom(200, 200, 200, 200, 200, 200, 204, 302, 401, 429, 503),
  pieces: fc.array(piece, { maxLength: 5 }),
  ending: fc.constantFrom('closed', 'broken', 'silent'),
})

const rank = { pending: 0, processing: 1, completed: 2, failed: 2 }

/** The open connections of all runs. */
let left = 0

afterAll(async () => {
  // A stream whose uploads all ended is read to its end, for at most 2 s. Then none is left.
  while (left > 0) await new Promise(resolve => setImmediate(resolve))
})

holds(
  'a relayed watch keeps its grammar for any answers of a relay',
  200,
  fc.asyncProperty(fc.array(connection, { minLength: 1, maxLength: 8 }), async connections => {
    let nth = 0
    let open = 0
    const fetch: RelayedOptions['fetch'] = (_, { signal }) => {
      const { status, pieces, ending } = connections[nth++] ?? {
        status: 404,
        pieces: [],
        ending: 'closed',
      }
      open += 1
      left += 1
      let isOpen = true
      const gone = (): void => {
        if (!isOpen) return
        isOpen = false
        open -= 1
        left -= 1
      }
      signal.addEventListener('abort', gone)
      const encoder = new TextEncoder()
      let at = 0
      const body = new ReadableStream<Uint8Array>({
        pull: controller => {
          const next = pieces[at++]
          if (next !== undefined) controller.enqueue(encoder.encode(next))
          else if (ending === 'closed') {
            controller.close()
            gone()
          } else if (ending === 'broken') controller.error(new Error('reset'))
          else return new Promise(() => undefined)
          return undefined
        },
      })
      const headers = new Headers({ 'content-type': 'text/event-stream' })
      return Promise.resolve({ status, headers, body, text: () => Promise.resolve('') })
    }
    let hasSubscribed = false
    const ending = lastValueFrom(
      relayedUploadStatus$('/live', ref.account, ref.upload, {
        fetch,
        retry: { retries: 2, base: 1, cap: 1 },
        silence: 2,
        deadline: 500,
      }).pipe(
        map(value => ({ value, isLate: hasSubscribed })),
        toArray(),
      ),
    )
    hasSubscribed = true
    const seen = await ending
    expect(seen.every(({ isLate }) => isLate)).toBe(true)

    const values = seen.map(({ value }) => value)
    const ends = values.findIndex(value => isLeft(value) || isTerminal(value.right))
    expect(ends).toBe(values.length - 1)
    const ranks = values.flatMap(value => (isLeft(value) ? [] : rank[value.right.status]))
    expect(ranks).toEqual([...new Set(ranks)].sort())
    expect(open).toBeLessThanOrEqual(1)
  }),
)
