import { describe, expect, test } from '@jest/globals'
import { expectTypeOf } from 'expect-type'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { decodeStatus } from '../../src/api/decode'
import { isFanslyMedia, type FanslyMedia } from '../../src/api/fanslyMedia'
import { isCdnMedia, isVaultMedia } from '../../src/api/media'
import type { PlatformName } from '../../src/api/platformApi'
import { identityOf, mediaId, platforms, type UploadStatusOf } from '../../src/api/platforms'
import type { CompletedUpload, UploadStatus } from '../../src/api/status'
import { inferredSchema, schemas } from './inferred'
import { memberPaths, withMember, withoutMember, type Members } from './members'
import { published } from './published'
import { schemaArbitrary } from './schemaArbitrary'

const snowflake = '712345678901234567'
const vault = published.completedVault.example
const cdn = published.completedCdn.example
const vaultMedia = vault['media'] as Members
const withoutId = withoutMember(vaultMedia, ['id'])

const fanslyMedia = {
  id: snowflake,
  type: 1,
  status: 1,
  mimetype: 'video/mp4',
  filename: 'a.mp4',
  width: 640,
  height: 480,
  accountId: '712345678901234566',
}
const fansly = {
  status: 'completed',
  prefixed_id: 'fansly_media_1',
  media_id: snowflake,
  media: fanslyMedia,
  credits_used: 3,
}
const pendingFansly = { status: 'pending', prefixed_id: 'fansly_media_1' }

/** Answers that occur in production, the media id of each, and its required members. */
const variants: ReadonlyArray<
  readonly [
    platform: PlatformName,
    title: string,
    answer: Members,
    id: number | string,
    needs: readonly string[],
  ]
> = [
  ['onlyfans', 'a vault media', vault, 1234567890, ['media', 'media.id']],
  [
    'onlyfans',
    'a string as media.id',
    withMember(vault, ['media', 'id'], '1234567890'),
    '1234567890',
    ['media', 'media.id'],
  ],
  [
    'onlyfans',
    'a media_id next to a media without id',
    { ...vault, media: withoutId, media_id: '1234567890' },
    '1234567890',
    ['media', 'media_id'],
  ],
  [
    'onlyfans',
    'a numeric media_id next to a media with null as id',
    { ...vault, media: { ...withoutId, id: null }, media_id: 1234567890 },
    1234567890,
    ['media', 'media_id'],
  ],
  [
    'onlyfans',
    'previews that are files',
    withMember(vault, ['media', 'files'], {
      full: { url: 'https://cdn.example/a.mp4', width: 1, height: 1, size: 1, sources: [] },
      thumb: { url: 'https://cdn.example/a.jpg', width: 1, height: 1, size: 1 },
      preview: 'https://cdn.example/b.jpg',
      squarePreview: { url: null, width: 0, height: 0, size: 0 },
    }),
    1234567890,
    ['media', 'media.id'],
  ],
  [
    'onlyfans',
    'a CDN media',
    cdn,
    'ofapi_media_def456abc123def456abc123def456ab',
    ['media', 'media.prefixed_id'],
  ],
  ['fansly', 'all members', fansly, snowflake, []],
  ['fansly', 'no media', withoutMember(fansly, ['media']), snowflake, ['media_id']],
  [
    'fansly',
    'the id only in its media',
    withoutMember(fansly, ['media_id']),
    snowflake,
    ['media', 'media.id'],
  ],
  [
    'fansly',
    'a media that is not transcoded yet',
    withMember(fansly, ['media'], { ...fanslyMedia, status: 0, width: 0, height: 0 }),
    snowflake,
    [],
  ],
]

const accepts = (platform: PlatformName, json: Members): void => {
  expect([json, platforms[platform].status.is(json)]).toEqual([json, true])
  const decoded: E.Either<unknown, unknown> = decodeStatus(String(json['prefixed_id']), json)
  // The same object: nothing was copied, dropped or changed.
  expect(E.isRight(decoded) && decoded.right).toBe(json)
}

describe.each(variants)('%s: a completed upload with %s', (platform, _, answer, id, needs) => {
  const always = ['status', 'prefixed_id', ...needs]
  const optional = memberPaths(answer).filter(path => !always.includes(path.join('.')))

  test('is accepted with its media id unchanged', () => {
    accepts(platform, answer)
    expect(mediaId(answer as unknown as CompletedUpload)).toBe(id)
  })

  test('is accepted with any one optional member missing or null', () => {
    for (const path of optional) {
      accepts(platform, withoutMember(answer, path))
      accepts(platform, withMember(answer, path, null))
    }
  })

  test('is accepted with unknown members, also in its media', () => {
    accepts(platform, { ...answer, colour: 'red', _meta: {} })
    for (const path of [['media']].filter(([name = '']) => name in answer))
      accepts(
        platform,
        withMember(answer, path, { ...(answer['media'] as Members), colour: ['red'] }),
      )
  })

  test('is refused with a required member missing or null, and the path is reported', () => {
    for (const path of always.map(name => name.split('.'))) {
      if (path.join('.') === 'prefixed_id') continue
      for (const json of [withoutMember(answer, path), withMember(answer, path, null)]) {
        const decoded = decodeStatus(String(answer['prefixed_id']), json)
        expect([path, json, decoded._tag]).toEqual([path, json, 'Left'])
        const { problems } = (decoded as E.Left<{ problems: readonly { path: string }[] }>).left
        expect(problems.map(problem => problem.path).join()).toMatch(/^(status|media)/)
      }
    }
  })

  test('is reduced to its ids for a browser', () => {
    const shown = identityOf(answer as unknown as CompletedUpload)
    expect(mediaId(shown)).toBe(id)
    accepts(platform, JSON.parse(JSON.stringify(shown)) as Members)
    expect(JSON.stringify(shown)).not.toMatch(/https?:|extra|mp4/)
  })

  test.each([2 ** 53, 1e308, 1.5, -1, true, {}, []])('is refused with %j as media id', wrong => {
    const path = (needs.at(-1) ?? 'media_id').split('.')
    const spoilt = withMember(answer, path, wrong)
    expect(platforms[platform].status.is(spoilt)).toBe(false)
  })
})

describe.each([
  ['onlyfans', 'UploadStatus'],
  ['fansly', 'FanslyUploadStatus'],
] as const)('the codec of %s', (platform, schema) => {
  const validate = inferredSchema(schema)
  const { status } = platforms[platform]

  test('agrees with the inferred description, also on near misses', () => {
    for (const misses of [0, 4])
      fc.assert(
        fc.property(schemaArbitrary(schemas, schemas[schema] ?? {}, misses), json => {
          const valid = validate(json)
          expect([json, status.is(json)]).toEqual([json, valid])
          expect(E.isRight(status.decode(json) as E.Either<unknown, unknown>)).toBe(valid)
        }),
        { numRuns: 500 },
      )
  })
})

describe('the platform of an answer', () => {
  test('is the platform of the requested upload', () => {
    expect(E.isRight(decodeStatus('fansly_media_1', fansly))).toBe(true)
    expect(
      E.isRight(decodeStatus('ofapi_media_1', { ...fansly, prefixed_id: 'ofapi_media_1' })),
    ).toBe(false)
    expect(
      E.isRight(decodeStatus('fansly_media_1', { ...vault, prefixed_id: 'fansly_media_1' })),
    ).toBe(false)
  })

  test('narrows the type of a status', () => {
    expectTypeOf<UploadStatusOf<'onlyfans'>>().toEqualTypeOf<UploadStatus>()
    const decoded = decodeStatus('fansly_media_1', pendingFansly)
    expectTypeOf(decoded)
      .extract<{ _tag: 'Right' }>()
      .toHaveProperty('right')
      .toEqualTypeOf<UploadStatusOf<'fansly'>>()
    expectTypeOf(isFanslyMedia).guards.toEqualTypeOf<FanslyMedia>()
  })

  test.each([
    ['all members', fanslyMedia],
    ['only an id', { id: snowflake }],
    ['only a type', { type: 2 }],
    ['only a status', { status: 1 }],
    ['only a mimetype', { mimetype: null }],
  ])('is Fansly for a media with %s', (_, media) => {
    expect(isFanslyMedia(media)).toBe(true)
    expect(isCdnMedia(media)).toBe(false)
  })

  test.each([
    ['of the vault', vaultMedia],
    ['with an id of ten digits', { id: '1234567890' }],
    ['of the CDN', cdn['media']],
    ['that is null', null],
    ['that is an array', []],
  ])('is not Fansly for a media %s', (_, media) => {
    expect(isFanslyMedia(media)).toBe(false)
  })

  test('is OnlyFans for a media of the vault', () => {
    expect(isVaultMedia({ ...vaultMedia })).toBe(true)
    expect(isVaultMedia(fanslyMedia)).toBe(false)
  })
})
