import { describe, expect, test } from '@jest/globals'
import { isLeft, right } from 'fp-ts/Either'
import { decodeStatus } from '../../src/api/decode'
import { isFanslyMedia } from '../../src/api/fanslyMedia'
import { fansly } from '../../src/api/fansly'
import { mediaId } from '../../src/api/platforms'

const snowflake = '712345678901234567'
const completed = { status: 'completed', prefixed_id: 'fansly_media_1' } as const

describe('a completed upload to Fansly', () => {
  test.each<[string, object]>([
    ['next to its media', { media_id: snowflake }],
    ['in its media', { media: { id: snowflake, type: 1 } }],
    ['in both places', { media_id: snowflake, media: { id: snowflake } }],
    ['next to a media that is null', { media_id: snowflake, media: null }],
  ])('has its media id %s', (_, members) => {
    const status = { ...completed, ...members }
    expect(decodeStatus('fansly_media_1', status)).toEqual(right(status))
    expect(mediaId(status)).toBe(snowflake)
  })

  test.each<[string, object, string]>([
    ['no media id', {}, 'media_id'],
    ['a media without an id', { media: { type: 1 } }, 'media.id'],
    ['an id that is a number', { media: { id: 7 } }, 'media.id'],
    ['an id that is empty', { media_id: '' }, 'media_id'],
  ])('is malformed with %s', (_, members, path) => {
    const read = decodeStatus('fansly_media_1', { ...completed, ...members })
    if (!isLeft(read)) throw new Error('it was read')
    expect(read.left.problems.map(problem => problem.path)).toContain(path)
  })

  test('exposes only its id, type and state to a browser', () => {
    const media = { id: snowflake, type: 1, status: 1, filename: 'private.mp4' }
    const identity = { media_id: snowflake, media: { id: snowflake, type: 1, status: 1 } }
    expect(fansly.identity({ ...completed, media_id: snowflake, media })).toEqual({
      ...completed,
      ...identity,
    })
  })
})

describe('isFanslyMedia', () => {
  test.each<[unknown, boolean]>([
    [{ id: snowflake }, true],
    [{ type: 1 }, true],
    [{ status: 1 }, true],
    [{ mimetype: 'video/mp4' }, true],
    [{ id: '7' }, false],
    [{ id: 7 }, false],
    [{ type: 'video' }, false],
    [{}, false],
    [null, false],
  ])('for %j returns %s', (media, expected) => {
    expect(isFanslyMedia(media)).toBe(expected)
  })
})
