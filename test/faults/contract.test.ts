import { describe, expect, test } from '@jest/globals'
import { left, right } from 'fp-ts/Either'
import type { UploadStatus } from '../../src/api/status'
import { completed, failed, pending, processing, ref } from '../answers'
import { bytes, head, inTurn, whole, type Reply } from '../http/rawServer'
import { wire } from '../http/wire'
import { follow, lost } from './follow'
import { good, isRetried } from './laws'
import { row } from './row'

const prefixed_id = ref.upload
const retry = { retries: 10, base: 1, cap: 1 }

const answer = (body: object): Reply => whole(200, JSON.stringify(body))

/** The failure for a body that violates the contract, with this status. */
const broken = (status: string | null, path: string): object => ({
  _tag: 'Malformed',
  reason: 'shape',
  status,
  problems: expect.arrayContaining([expect.objectContaining({ path })]),
})

row('an unknown status', ({ fetch }) => {
  const spelled = ['archived', 'COMPLETED', 'complete', 'failed-permanently', 'done']

  describe.each(spelled)('%s, which the failure names', status => {
    isRetried(answer({ ...completed, status }), broken(status, 'status'), {
      fetch,
      retry,
      attempts: 4,
    })
  })

  describe.each([['completed '], ['a sentence about it'], [''], [null], [3], [['completed']]])(
    '%j, which is not a word, so the failure omits it',
    status => {
      isRetried(answer({ ...completed, status }), broken(null, 'status'), {
        fetch,
        retry,
        attempts: 4,
      })
    },
  )

  test('is counted from zero after a good answer, and is never terminal', async () => {
    const unknown = answer({ ...completed, status: 'archived' })
    const server = await wire(
      inTurn(unknown, unknown, unknown, answer(pending), unknown, unknown, unknown, good),
    )
    expect(await follow(server.url, { fetch, retry }).ended).toEqual([
      right(pending),
      right(completed),
    ])
    expect(server.requests).toHaveLength(8)
  })

  test.each([null, true, 42, 'completed', [], [completed]].map(body => [JSON.stringify(body)]))(
    'a body that is not an object violates the contract: %s',
    async body => {
      const server = await wire(whole(200, body))
      const values = await follow(server.url, { fetch, retry }).ended
      expect(values).toEqual([lost({ _tag: 'Malformed', reason: 'shape' }, 4)])
    },
  )
})

row('processing then pending', ({ fetch }) => {
  test('notifies StatusRegressed, emits nothing, and the watch continues', async () => {
    const server = await wire(
      inTurn(answer(processing), answer(pending), answer(processing), answer(failed)),
    )
    const { ended, events } = follow(server.url, { fetch })
    expect(await ended).toEqual([right(processing), right(failed)])
    expect(events.filter(({ _tag }) => _tag === 'StatusRegressed')).toEqual([
      expect.objectContaining({ from: 'processing', to: 'pending' }),
    ])
    expect(server.requests).toHaveLength(4)
  })
})

row('completed without media, failed without error', ({ fetch }) => {
  const { status, media } = { status: 'completed', media: { id: 7 } }

  describe.each<[string, object, string, string]>([
    ['completed without media', { status, prefixed_id }, status, 'media'],
    ['completed with media: null', { status, prefixed_id, media: null }, status, 'media'],
    ['completed with a string as media', { status, prefixed_id, media: 'x' }, status, 'media'],
    ['completed with media without an id', { status, prefixed_id, media: {} }, status, 'media.id'],
    ['failed without error', { status: 'failed', prefixed_id }, 'failed', 'error'],
    ['failed with error: null', { status: 'failed', prefixed_id, error: null }, 'failed', 'error'],
    ['completed without prefixed_id', { status, media }, status, 'prefixed_id'],
    ['pending without prefixed_id', { status: 'pending' }, 'pending', 'prefixed_id'],
  ])('%s', (_, body, named, path) => {
    isRetried(answer(body), broken(named, path), { fetch, retry, attempts: 4 })
  })
})

row("another upload's prefixed_id", ({ fetch }) => {
  const strangers: readonly UploadStatus[] = [
    { ...completed, prefixed_id: 'ofapi_media_2' },
    { ...failed, prefixed_id: 'OFAPI_MEDIA_1' },
    { ...pending, prefixed_id: `${prefixed_id} ` },
    { ...processing, prefixed_id: '' },
  ]

  describe.each(strangers)('$status, $prefixed_id', stranger => {
    isRetried(answer(stranger), broken(stranger.status, 'prefixed_id'), {
      fetch,
      retry,
      attempts: 4,
    })
  })

  test('in an answer that was not requested has no effect', async () => {
    const json = JSON.stringify(processing)
    const stray = JSON.stringify({ ...completed, prefixed_id: 'ofapi_media_2' })
    const [own, other] = [json, stray].map(
      text => head(200, { 'content-length': String(text.length) }) + text,
    )
    const server = await wire(inTurn(bytes(`${own ?? ''}${other ?? ''}`), good))
    const values = await follow(server.url, { fetch }).ended
    expect(values).toEqual([right(processing), right(completed)])
  })
})

row('members that the contract does not name', ({ fetch }) => {
  const more = { queue: { position: 3 }, note: 'ü', _meta: { _credits: { used: 1 } } }

  test('are kept in the status, and have no other effect', async () => {
    const server = await wire(
      inTurn(
        answer({ ...pending, ...more }),
        answer({ ...pending, ...more, note: 'other' }),
        answer({ ...completed, ...more, media: { id: 7, ...more } }),
      ),
    )
    expect(await follow(server.url, { fetch }).ended).toEqual([
      right({ ...pending, ...more }),
      right({ ...completed, ...more, media: { id: 7, ...more } }),
    ])
    expect(server.requests).toHaveLength(3)
  })

  test('are ignored in an answer that rejects the request', async () => {
    const server = await wire(whole(403, JSON.stringify({ ...more, error: 'No.', code: 7 })))
    expect(await follow(server.url, { fetch }).ended).toEqual([
      left(expect.objectContaining({ _tag: 'Rejected', status: 403, code: null, message: 'No.' })),
    ])
  })
})
