import { describe, expect, test } from '@jest/globals'
import { isRight } from 'fp-ts/Either'
import { UploadStatus } from '../../src/api/status'
import { completed, failed, pending, processing, type Endpoint } from '../../src/sandbox'
import { fansly } from '../../src/sandbox/platform/fanslyAnswers'
import { onlyfans } from '../../src/sandbox/platform/onlyfansAnswers'
import type { MediaSource, Platform } from '../../src/sandbox/platform/imitatedPlatform'
import { seededHex } from '../../src/sandbox/seededRandom'
import { ask, openSandbox } from './openSandbox'

describe('every status of OnlyFans', () => {
  test.each([
    pending(),
    processing(),
    failed(),
    completed('vault'),
    completed('upload'),
    completed('vault', { previews: 'urls' }),
    completed('vault', { previews: 'objects' }),
  ])('is accepted by the codec: %j', async answer => {
    const sandbox = await openSandbox({ rateLimit: 5 })
    const { pollingUrl } = sandbox.script('acct_sandbox', [answer])
    const { body } = await ask(sandbox, pollingUrl)
    expect(isRight(UploadStatus.decode(body))).toBe(true)
  })
})

const sourceOf = (values: Partial<MediaSource> & { readonly seed?: number } = {}): MediaSource => {
  const { seed = 1, upload = 'ofapi_media_1' } = values
  return {
    account: 'acct_1',
    upload,
    endpoint: 'vault',
    fileName: 'a.jpg',
    createdAt: 0,
    creditsUsed: 3,
    hex: label => seededHex(seed, `${upload} ${label}`),
    ...values,
  }
}

const seeds = Array.from({ length: 100 }, (_, at) => at)

describe.each<[Platform]>([[onlyfans], [fansly]])('a media of $name', platform => {
  test.each<Endpoint>(['vault', 'upload'])(
    'from %s depends only on the seed and the upload',
    endpoint => {
      const media = platform.completed(sourceOf({ endpoint }))
      expect(platform.completed(sourceOf({ endpoint }))).toEqual(media)
      expect(platform.completed(sourceOf({ endpoint, seed: 2 }))).not.toEqual(media)
      expect(platform.completed(sourceOf({ endpoint, upload: 'u_2' }))).not.toEqual(media)
    },
  )
})

describe('a media of OnlyFans', () => {
  test.each([
    ['a.jpg', 'photo'],
    ['a.MOV', 'video'],
    ['a.b.gif', 'gif'],
    ['a.mp3', 'audio'],
    ['a', 'photo'],
    ['', 'photo'],
  ])('named %j has the type %s', (fileName, type) => {
    expect(onlyfans.completed(sourceOf({ fileName }))).toMatchObject({ media: { type } })
  })

  test('has ids of ten digits and dates without milliseconds', () => {
    for (const seed of seeds) {
      const { media } = onlyfans.completed(sourceOf({ seed }))
      expect(media).toMatchObject({ createdAt: '1970-01-01T00:00:00+00:00' })
      expect(JSON.stringify(media)).toMatch(/^\{"id":[1-9]\d{9},/)
    }
  })
})

describe('a media of Fansly', () => {
  test.each([
    ['a.jpg', 1, 'image/jpeg'],
    ['a.png', 1, 'image/png'],
    ['a.MOV', 2, 'video/quicktime'],
    ['a.mp4', 2, 'video/mp4'],
    ['a.mp3', 3, 'audio/mpeg'],
    ['a', 1, 'image/jpeg'],
    ['a.<b>', 1, 'image/jpeg'],
  ])('named %j has the type %d and the MIME type %s', (fileName, type, mimetype) => {
    const { media } = fansly.completed(sourceOf({ fileName }))
    expect(media).toMatchObject({ type, mimetype, filename: fileName, status: 1 })
  })

  test('has ids beyond the safe integers', () => {
    for (const seed of seeds) {
      const { media, media_id } = fansly.completed(sourceOf({ seed }))
      expect(media_id).toMatch(/^[1-9]\d{18}$/)
      expect(Number(media_id)).toBeGreaterThan(Number.MAX_SAFE_INTEGER)
      expect(media).toMatchObject({ id: media_id, accountId: expect.stringMatching(/^\d{19}$/) })
    }
  })
})

describe('a variant of a completed status', () => {
  const bodyOf = async (
    account: string,
    answer: ReturnType<typeof completed>,
  ): Promise<unknown> => {
    const sandbox = await openSandbox()
    return (await ask(sandbox, sandbox.script(account, [answer]).pollingUrl)).body
  }
  const url = expect.stringMatching(/^https:/)

  test('has previews as URLs or objects, and is then ready', async () => {
    expect(await bodyOf('acct_1', completed('vault'))).toMatchObject({
      media: { isReady: false, files: { thumb: null, preview: null, squarePreview: null } },
    })
    expect(await bodyOf('acct_1', completed('vault', { previews: 'urls' }))).toMatchObject({
      media: { isReady: true, files: { thumb: url, preview: url, squarePreview: url } },
    })
    const file = { url, width: 300, height: 300, size: expect.any(Number) }
    expect(await bodyOf('acct_1', completed('vault', { previews: 'objects' }))).toMatchObject({
      media: { isReady: true, files: { thumb: file, preview: file, squarePreview: file } },
    })
  })

  test('has its id as a string, or beside the media', async () => {
    expect(await bodyOf('acct_1', completed('vault', { mediaId: 'string' }))).toMatchObject({
      media: { id: expect.stringMatching(/^\d{10}$/) },
    })
    for (const [account, id] of [
      ['acct_1', expect.any(Number)],
      ['fansly_acct_1', expect.stringMatching(/^\d{19}$/)],
    ] as const) {
      const body = await bodyOf(account, completed('vault', { mediaId: 'beside' }))
      expect(body).toMatchObject({ media_id: id })
      expect(body).not.toHaveProperty('media.id')
    }
  })

  test('does not change a CDN upload', async () => {
    const variant = completed('upload', { previews: 'objects', mediaId: 'beside' })
    expect(await bodyOf('acct_1', variant)).toEqual(await bodyOf('acct_1', completed('upload')))
  })
})
