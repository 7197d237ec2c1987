import { describe, expect, test } from '@jest/globals'
import { expectTypeOf } from 'expect-type'
import fc from 'fast-check'
import * as t from 'io-ts'
import * as E from 'fp-ts/lib/Either.js'
import { CdnMedia, isCdnMedia, isVaultMedia, VaultMedia } from '../../src/api/media'

const vault: VaultMedia = {
  id: 1234567890,
  type: 'video',
  convertedToVideo: false,
  canView: true,
  hasError: false,
  createdAt: '2026-04-03T16:18:05+00:00',
  isReady: true,
  files: {
    full: { url: 'https://cdn.example/a.mp4', width: 640, height: 480, size: 1_000, sources: [{}] },
    thumb: null,
    preview: 'https://cdn.example/a.jpg',
    squarePreview: { url: 'https://cdn.example/b.jpg', width: 1, height: 1, size: 1 },
  },
  duration: 12.5,
  releaseForms: [{ id: 1 }],
  hasCustomPreview: false,
}

const cdn: CdnMedia = {
  prefixed_id: 'ofapi_media_1',
  file_name: 'photo.jpg',
  processId: 'abc',
  host: 'convert3.example',
  sourceUrl: 'https://transcoder.example/photo.jpg',
  extra: 'xxx',
  additional: { user: '123456789', more: [1] },
  thumbs: [{ id: 1, url: 'https://cdn2.example/1.jpg' }, {}, { id: null, url: null }],
}

/** Decodes to the same object: nothing was copied, dropped or changed. */
const expectKept = (codec: t.Type<VaultMedia> | t.Type<CdnMedia>, value: unknown): void => {
  const decoded: E.Either<unknown, unknown> = codec.decode(value)
  expect(codec.is(value)).toBe(true)
  expect(E.isRight(decoded) && decoded.right).toBe(value)
}

const expectRefused = (codec: t.Type<VaultMedia> | t.Type<CdnMedia>, value: unknown): void => {
  expect(codec.is(value)).toBe(false)
  expect(E.isLeft(codec.decode(value) as E.Either<unknown, unknown>)).toBe(true)
}

/** A value of another type, which an id may not be either. */
const wrongFor = (value: unknown): unknown => (typeof value === 'number' ? true : 1)

/** Copies in each of which one member has a wrong type. */
const mistyped = (media: object): readonly object[] =>
  Object.entries(media).map(([name, value]) => ({
    ...media,
    [name]: name === 'id' || typeof value !== 'number' ? wrongFor(value) : 'x',
  }))

describe('VaultMedia', () => {
  test.each<[string, unknown]>([
    ['all members', vault],
    ['its id only', { id: 1 }],
    ['a string id', { id: '1' }],
    ['a string id beyond 2^53', { id: '712345678901234567' }],
    [
      'null for all members but its id',
      Object.fromEntries(Object.keys(vault).map(k => [k, k === 'id' ? 1 : null])),
    ],
    ['null for each file', { id: 1, files: { full: null, thumb: null, preview: null } }],
    ['no files yet', { id: 1, files: {} }],
    ['an unknown type', { id: 1, type: 'hologram' }],
    ['unknown members', { id: 1, colour: 'red', files: { poster: 1, full: { codec: [] } } }],
  ])('accepts a media with %s unchanged', (_, media) => {
    expectKept(VaultMedia, media)
  })

  test('refuses a media with one member of another type, at any depth', () => {
    const { full } = vault.files ?? {}
    const spoilt = [
      ...mistyped(vault),
      ...mistyped(vault.files ?? {}).map(files => ({ id: 1, files })),
      ...mistyped(full ?? {}).map(file => ({ id: 1, files: { full: file } })),
    ]
    expect(spoilt).toHaveLength(11 + 4 + 5)
    for (const media of spoilt) expectRefused(VaultMedia, media)
  })

  test.each(['thumb', 'preview', 'squarePreview'])('accepts as %s a URL, a file or null', name => {
    for (const preview of [null, 'https://cdn.example/a.jpg', {}, { url: null, width: 1.5 }]) {
      expectKept(VaultMedia, { id: 1, files: { [name]: preview } })
    }
    for (const preview of [1, true, [], { url: 1 }]) {
      expectRefused(VaultMedia, { id: 1, files: { [name]: preview } })
    }
  })

  test.each<[string, unknown]>([
    ['an empty object', {}],
    ['an id that is null', { id: null }],
    ['an id that is empty', { id: '' }],
    ['an id that is infinite', JSON.parse('{"id":1e999}')],
    ['an id rounded by JSON.parse', JSON.parse('{"id":9007199254740993}')],
    ['an id with a fraction', { id: 1.5 }],
    ['a negative id', { id: -7 }],
    ['an inherited id', JSON.parse('{"__proto__":{"id":1}}')],
    ['an array', [{ id: 1 }]],
    ['a type that is a number', { id: 1, type: 1 }],
    ['isReady as a string', { id: 1, isReady: 'false' }],
    ['a duration as a string', { id: 1, duration: '1' }],
    ['an infinite duration', JSON.parse('{"id":1,"duration":1e999}')],
    ['files as an array', { id: 1, files: [] }],
    ['a full file that is a URL', { id: 1, files: { full: 'https://cdn.example/a.jpg' } }],
    ['an infinite size', JSON.parse('{"id":1,"files":{"full":{"size":1e999}}}')],
    ['sources as an object', { id: 1, files: { full: { sources: {} } } }],
    ['release forms as a string', { id: 1, releaseForms: '' }],
  ])('refuses %s', (_, media) => {
    expectRefused(VaultMedia, media)
  })
})

describe('CdnMedia', () => {
  test('refuses a media with one member of another type', () => {
    const spoilt = mistyped(cdn)
    expect(spoilt).toHaveLength(8)
    for (const media of spoilt) expectRefused(CdnMedia, media)
  })

  test.each<[string, unknown]>([
    ['all members', cdn],
    ['its prefixed_id only', { prefixed_id: 'ofapi_media_1' }],
    [
      'null for all members but its prefixed_id',
      Object.fromEntries(Object.keys(cdn).map(k => [k, k === 'prefixed_id' ? 'x' : null])),
    ],
    ['no thumbs', { prefixed_id: 'x', thumbs: [] }],
    ['an additional id that is not a number', { prefixed_id: 'x', id: 'y' }],
    ['unknown members', { prefixed_id: 'x', colour: 'red', thumbs: [{ width: 1 }] }],
  ])('accepts a media with %s unchanged', (_, media) => {
    expectKept(CdnMedia, media)
  })

  test.each<[string, unknown]>([
    ['an empty object', {}],
    ['a prefixed_id that is null', { prefixed_id: null }],
    ['a prefixed_id that is a number', { prefixed_id: 1 }],
    ['an additional id rounded by JSON.parse', JSON.parse('{"prefixed_id":"x","id":1e308}')],
    ['an inherited prefixed_id', JSON.parse('{"__proto__":{"prefixed_id":"x"}}')],
    ['a file name that is a number', { prefixed_id: 'x', file_name: 1 }],
    ['additional as an array', { prefixed_id: 'x', additional: [] }],
    ['thumbs as an object', { prefixed_id: 'x', thumbs: {} }],
    ['a thumb that is null', { prefixed_id: 'x', thumbs: [null] }],
    ['a thumb that is a URL', { prefixed_id: 'x', thumbs: ['https://cdn2.example/1.jpg'] }],
    ['a thumb with a string id', { prefixed_id: 'x', thumbs: [{ id: '1' }] }],
  ])('refuses %s', (_, media) => {
    expectRefused(CdnMedia, media)
  })
})

describe('isVaultMedia and isCdnMedia', () => {
  test.each<[string, VaultMedia | CdnMedia, boolean]>([
    ['a vault media', vault, true],
    ['a vault media with its id only', { id: 0 }, true],
    ['a CDN media', cdn, false],
    ['a CDN media with a string as id', { prefixed_id: 'x', id: '1' }, false],
    ['a CDN media with null as id', { prefixed_id: 'x', id: null }, false],
    ['a vault media with a prefixed_id', { id: 1, prefixed_id: 'x' }, true],
    ['a vault media with a number as prefixed_id', { id: 1, prefixed_id: 2 } as VaultMedia, true],
    // VaultMedia refuses these two, so the union accepts them as CDN media.
    [
      'a CDN media with an id and a type that is not a string',
      { prefixed_id: 'x', id: 1, type: 2 } as CdnMedia,
      false,
    ],
    [
      'a CDN media with an id and files that are not an object',
      { prefixed_id: 'x', id: 1, files: 'none' } as CdnMedia,
      false,
    ],
  ])('distinguish %s', (_, media, isVault) => {
    expect(isVaultMedia(media)).toBe(isVault)
    expect(isCdnMedia(media)).toBe(!isVault)
  })

  test('agree with the codecs on every valid media', () => {
    const member = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom(1, 'x', Infinity))
    const hostile = fc.record(
      { id: member, prefixed_id: member, type: member, files: member, thumbs: member },
      { requiredKeys: [] },
    )
    const either = t.union([VaultMedia, CdnMedia])
    fc.assert(
      fc.property(hostile, media => {
        fc.pre(either.is(media))
        expect(isVaultMedia(media)).not.toBe(isCdnMedia(media))
        expect((isVaultMedia(media) ? VaultMedia : CdnMedia).is(media)).toBe(true)
      }),
    )
  })

  test('narrow the type for the compiler', () => {
    expectTypeOf(isVaultMedia).guards.toEqualTypeOf<VaultMedia>()
    expectTypeOf(isCdnMedia).guards.toEqualTypeOf<CdnMedia>()
    const name = (media: VaultMedia | CdnMedia): string => {
      if (isVaultMedia(media)) {
        expectTypeOf(media).toEqualTypeOf<VaultMedia>()
        return String(media.id)
      }
      expectTypeOf(media).toEqualTypeOf<CdnMedia>()
      return media.prefixed_id
    }
    expect([name({ id: 1 }), name({ prefixed_id: 'x' })]).toEqual(['1', 'x'])
  })
})
