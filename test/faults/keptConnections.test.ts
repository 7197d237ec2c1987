import type { Socket } from 'node:net'
import { expect, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { Subject } from 'rxjs'
import { spaced } from 'rx-upload-status'
import { completed, processing } from '../answers'
import { keptFramings } from '../http/framing'
import { head, whole, type Reply } from '../http/rawServer'
import { wire } from '../http/wire'
import { follow } from './follow'
import { row } from './row'

const watches = 40

row(
  'a server that answers 503 on kept-alive connections after its DNS name has moved',
  ({ fetch, by }) => {
    test('ends no watch: the retry opens a new connection', async () => {
      // Connections from before the move lead to the old server.
      let hasMoved = false
      const left = new WeakSet<object>()
      const answer = (status: number, body: object): Reply =>
        whole(status, JSON.stringify(body), {}, keptFramings)
      const held: (() => void)[] = []
      const server = await wire((socket, nth) => {
        if (left.has(socket)) answer(503, { error: 'Leaving.' })(socket, nth)
        else if (hasMoved) answer(200, completed)(socket, nth)
        else {
          left.add(socket)
          held.push(() => {
            answer(200, processing)(socket, nth)
          })
          if (held.length < watches) return
          hasMoved = true
          for (const release of held) release()
        }
      })
      // With Node's own fetch each retry closes its connection, and may meet another old one before.
      const retries = by({ 'cross-fetch': 1, "Node's own fetch": 8 })
      const followed = Array.from({ length: watches }, () =>
        follow(server.url, { fetch, retry: { retries, base: 100, cap: 200 } }),
      )
      for (const { ended } of followed)
        expect(await ended).toEqual([right(processing), right(completed)])
    })
  },
)

row('a server that closes an idle connection while a request is sent on it', ({ fetch, by }) => {
  test.each<[string, (socket: Socket) => void]>([
    ['by a reset', socket => socket.resetAndDestroy()],
    ['by a FIN', socket => socket.end()],
  ])('loses no answer, and spends no retry with the default fetch: %s', async (_, close) => {
    const used = new WeakSet<Socket>()
    let answers = 0
    const server = await wire((socket, nth) => {
      if (used.has(socket)) {
        close(socket)
        return
      }
      used.add(socket)
      answers += 1
      whole(
        200,
        JSON.stringify(answers < 3 ? processing : completed),
        {},
        keptFramings,
      )(socket, nth)
    })
    const watch = follow(server.url, { fetch, retry: { retries: 1, base: 1, cap: 2 } })
    expect(await watch.ended).toEqual([right(processing), right(completed)])
    const failed = watch.events.filter(({ _tag }) => _tag === 'AttemptFailed')
    expect(failed).toHaveLength(by({ 'cross-fetch': 0, "Node's own fetch": 2 }))
  })
})

row('a server that sends bytes on an idle connection', ({ fetch }) => {
  const answer = (body: object): string => {
    const json = JSON.stringify(body)
    return head(200, { 'Content-Length': String(json.length) }) + json
  }

  test.each<[string, string]>([
    ['a 408', head(408, { 'Content-Length': '0' })],
    ['the status of another upload', answer({ ...processing, prefixed_id: 'ofapi_media_2' })],
    ['an end of this upload', answer({ ...completed, media: { id: 8 } })],
    ['no HTTP', 'late'],
  ])('closes the connection, and reads no answer from them: %s', async (_, bytes) => {
    const poll$ = new Subject<null>()
    let latest: Socket | null = null
    const server = await wire((socket, nth) => {
      latest = socket
      const status = JSON.stringify(nth < 3 ? processing : completed)
      whole(200, status, {}, keptFramings)(socket, nth)
    })
    const watch = follow(server.url, { fetch, poll$, schedule: spaced(600_000) })
    for (const polls of [1, 2]) {
      await watch.received('PollScheduled', polls)
      ;(latest as Socket | null)?.write(bytes)
      await server.left()
      poll$.next(null)
    }
    expect(await watch.ended).toEqual([right(processing), right(completed)])
    expect(watch.failures()).toEqual([])
    expect([server.requests.length, server.connections()]).toEqual([3, 3])
  })
})
