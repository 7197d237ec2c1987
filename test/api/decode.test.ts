import { describe, expect, test } from '@jest/globals'
import { isLeft, left, right } from 'fp-ts/Either'
import { malformed } from '../../src/failure/failure'
import { decodeStatus } from '../../src/api/decode'

const prefixed_id = 'ofapi_media_1'
const decode = (json: unknown) => decodeStatus(prefixed_id, json)

/** The problems that the failure reports. */
const told = (json: unknown) => {
  const decoded = decode(json)
  if (!isLeft(decoded)) throw new Error('decoded')
  expect(decoded.left.reason).toBe('shape')
  return decoded.left
}

// What the contract lets pass is tested against it, in test/contract.
describe('decodeStatus', () => {
  test('gives the status as it was, with members that the contract does not name', () => {
    const json = { status: 'processing', prefixed_id, progress: { percent: 7 } }
    expect(decode(json)).toEqual(right(json))
  })

  test.each(['pending', 'processing', 'completed', 'failed'])(
    'never delivers that another upload is %s',
    status => {
      const stranger = { status, prefixed_id: 'ofapi_media_2', media: { id: 7 }, error: 'No.' }
      const problems = [{ path: 'prefixed_id', expected: 'the requested upload' }]
      expect(decode(stranger)).toEqual(left(malformed('shape', problems, status)))
    },
  )

  test.each<[string, unknown]>([
    ['null', null],
    ['a text', 'completed'],
    ['a number', 200],
    ['a list', [{ status: 'pending', prefixed_id }]],
    ['nothing', {}],
    ['an unknown status', { status: 'archived', prefixed_id }],
    ['a status in other letters', { status: 'Completed', prefixed_id, media: { id: 7 } }],
    ['completed without media', { status: 'completed', prefixed_id }],
    ['completed with media that has no identity', { status: 'completed', prefixed_id, media: {} }],
    ['an infinite id', { status: 'completed', prefixed_id, media: { id: Infinity } }],
    ['failed without an error', { status: 'failed', prefixed_id }],
    ['an error that is no text', { status: 'failed', prefixed_id, error: { text: 'No.' } }],
    ['an id that is no text', { status: 'pending', prefixed_id: 1 }],
  ])('refuses %s', (_, json) => {
    expect(told(json).problems.length).toBeGreaterThan(0)
  })

  test('takes no status from a prototype', () => {
    const heir: unknown = Object.create({ status: 'completed', prefixed_id, media: { id: 7 } })
    const json = Object.assign(heir as object, { status: 'archived' })
    expect(told(json).status).toBe('archived')
  })

  test('says where and what was expected, never what was there', () => {
    const secret = 'capability-never-to-be-logged'
    const media = { prefixed_id: 7, sourceUrl: secret, extra: { secret }, thumbs: [{ id: secret }] }
    const { problems, status } = told({ status: 'completed', prefixed_id, media })
    expect(JSON.stringify(problems)).not.toContain(secret)
    expect(status).toBe('completed')
    expect(problems).toContainEqual({ path: 'media.prefixed_id', expected: 'string' })
  })

  test('names no more than five problems, each without the numbers of branches', () => {
    const thumbs = [{ id: 'x' }, { id: 'y' }, { id: 'z' }]
    const { problems } = told({
      status: 'completed',
      prefixed_id: 7,
      media: { prefixed_id: 7, thumbs },
      credits_used: 'three',
    })
    expect(problems).toHaveLength(5)
    expect(problems).toContainEqual({ path: 'media.thumbs.id', expected: 'a finite number' })
    for (const { path } of problems) expect(path).toMatch(/^[a-z_]+(\.[a-z_]+)*$/)
  })

  test.each([null, 'completed', {}, { status: 'archived', prefixed_id }])(
    'says of %j in a few words which status was expected',
    json => {
      expect(told(json).problems).toEqual([
        { path: 'status', expected: 'pending, processing, completed or failed' },
      ])
    },
  )

  test.each<[unknown, string, readonly string[]]>([
    [null, 'media', ['VaultMedia', 'VaultMedia', 'CdnMedia', 'CdnMedia']],
    [{ id: 1, files: 1 }, 'media.files', ['MediaFiles']],
    [{ id: 1, files: { full: 1 } }, 'media.files.full', ['MediaFile']],
    [{ id: 1, files: { thumb: 1 } }, 'media.files.thumb', ['string', 'MediaFile']],
    [{ prefixed_id, thumbs: 1 }, 'media.thumbs', ['ReadonlyArray<Thumb>']],
    [{ prefixed_id, thumbs: [1] }, 'media.thumbs', ['Thumb']],
  ])('calls what a media is made of by its name: %j', (media, place, names) => {
    const { problems } = told({ status: 'completed', prefixed_id, media })
    expect(problems.filter(({ path }) => path === place).map(({ expected }) => expected)).toEqual(
      names,
    )
  })

  test('is short about a large value', () => {
    const thumbs = Array.from({ length: 10_000 }, () => ({ id: 'x'.repeat(1_000) }))
    const json = { status: 'completed', prefixed_id, media: { prefixed_id, thumbs } }
    expect(JSON.stringify(told(json)).length).toBeLessThan(2_000)
  })

  test.each<[unknown, string | null]>([
    ['archived', 'archived'],
    ['in-review_2', 'in-review_2'],
    ['x'.repeat(32), 'x'.repeat(32)],
    ['x'.repeat(33), null],
    ['two words', null],
    ['archived\n', null],
    ['', null],
    [7, null],
    [null, null],
    [{ toString: () => 'archived' }, null],
  ])('names the status %p as %p: only where it is a word', (status, named) => {
    expect(told({ status, prefixed_id }).status).toBe(named)
  })
})
