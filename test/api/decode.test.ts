import { describe, expect, test } from '@jest/globals'
import { isLeft, left, right } from 'fp-ts/Either'
import { malformed } from '../../src/failure/failure'
import { decodeStatus } from '../../src/api/decode'

const prefixed_id = 'ofapi_media_1'
const decode = (json: unknown) => decodeStatus(prefixed_id, json)

/** The failure of a value that does not decode. */
const shapeFailure = (json: unknown) => {
  const decoded = decode(json)
  if (!isLeft(decoded)) throw new Error('decoded')
  expect(decoded.left.reason).toBe('shape')
  return decoded.left
}

// test/contract checks that decodeStatus accepts what the contract allows.
describe('decodeStatus', () => {
  test('returns the status unchanged, including unknown members', () => {
    const json = { status: 'processing', prefixed_id, progress: { percent: 7 } }
    expect(decode(json)).toEqual(right(json))
  })

  test.each(['pending', 'processing', 'completed', 'failed'])(
    'never accepts a status of another upload: %s',
    status => {
      const stranger = { status, prefixed_id: 'ofapi_media_2', media: { id: 7 }, error: 'No.' }
      const problems = [{ path: 'prefixed_id', expected: 'the requested upload' }]
      expect(decode(stranger)).toEqual(left(malformed('shape', problems, status)))
    },
  )

  test.each<[string, unknown]>([
    ['null', null],
    ['a string', 'completed'],
    ['a number', 200],
    ['an array', [{ status: 'pending', prefixed_id }]],
    ['an empty object', {}],
    ['an unknown status', { status: 'archived', prefixed_id }],
    ['a status in another case', { status: 'Completed', prefixed_id, media: { id: 7 } }],
    ['completed without media', { status: 'completed', prefixed_id }],
    ['completed with media that has no id', { status: 'completed', prefixed_id, media: {} }],
    ['an infinite id', { status: 'completed', prefixed_id, media: { id: Infinity } }],
    ['failed without an error', { status: 'failed', prefixed_id }],
    ['an error that is not a string', { status: 'failed', prefixed_id, error: { text: 'No.' } }],
    ['an id that is not a string', { status: 'pending', prefixed_id: 1 }],
  ])('refuses %s', (_, json) => {
    expect(shapeFailure(json).problems.length).toBeGreaterThan(0)
  })

  test('ignores members inherited from a prototype', () => {
    const heir: unknown = Object.create({ status: 'completed', prefixed_id, media: { id: 7 } })
    const json = Object.assign(heir as object, { status: 'archived' })
    expect(shapeFailure(json).status).toBe('archived')
  })

  test('reports paths and expected types, never the actual values', () => {
    const secret = 'capability-never-to-be-logged'
    const media = { prefixed_id: 7, sourceUrl: secret, extra: { secret }, thumbs: [{ id: secret }] }
    const { problems, status } = shapeFailure({ status: 'completed', prefixed_id, media })
    expect(JSON.stringify(problems)).not.toContain(secret)
    expect(status).toBe('completed')
    expect(problems).toContainEqual({ path: 'media.prefixed_id', expected: 'string' })
  })

  test('reports at most five problems, without the numbers of union branches in their paths', () => {
    const thumbs = [{ id: 'x' }, { id: 'y' }, { id: 'z' }]
    const { problems } = shapeFailure({
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
    'reports for %j only which statuses are expected',
    json => {
      expect(shapeFailure(json).problems).toEqual([
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
  ])('reports the expected types of media members by name: %j', (media, place, names) => {
    const { problems } = shapeFailure({ status: 'completed', prefixed_id, media })
    expect(problems.filter(({ path }) => path === place).map(({ expected }) => expected)).toEqual(
      names,
    )
  })

  test('keeps the report on a large value short', () => {
    const thumbs = Array.from({ length: 10_000 }, () => ({ id: 'x'.repeat(1_000) }))
    const json = { status: 'completed', prefixed_id, media: { prefixed_id, thumbs } }
    expect(JSON.stringify(shapeFailure(json)).length).toBeLessThan(2_000)
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
  ])('reports the unknown status %p as %p', (status, named) => {
    expect(shapeFailure({ status, prefixed_id }).status).toBe(named)
  })
})
