import { describe, expect, test } from '@jest/globals'
import { isRight } from 'fp-ts/Either'
import { UploadStatus } from '../../src/api/status'
import { completed, failed, pending, processing, type Endpoint } from '../../src/sandbox'
import { createMedia } from '../../src/sandbox/finishedMedia'
import { ask, openSandbox } from './openSandbox'

describe('every status that the sandbox words', () => {
  test.each([pending(), processing(), completed('vault'), completed('upload'), failed()])(
    'is one that the model decodes: %j',
    async answer => {
      const sandbox = await openSandbox({ rateLimit: { perMinute: 5 } })
      const { pollingUrl } = sandbox.script('acct_sandbox', [answer])
      const { body } = await ask(sandbox, pollingUrl)
      expect(isRight(UploadStatus.decode(body))).toBe(true)
    },
  )
})

describe('a media', () => {
  const source = { seed: 1, upload: 'ofapi_media_1', fileName: 'a.jpg', createdAt: 0 }
  const vault = { ...source, endpoint: 'vault' as const }

  test.each([
    ['a.jpg', 'photo'],
    ['a.MOV', 'video'],
    ['a.b.gif', 'gif'],
    ['a.mp3', 'audio'],
    ['a', 'photo'],
    ['', 'photo'],
  ])('of %j is of type %s', (fileName, type) => {
    expect(createMedia({ ...vault, fileName })).toMatchObject({ type })
  })

  test.each<Endpoint>(['vault', 'upload'])('of %s follows from seed and upload alone', endpoint => {
    const media = createMedia({ ...source, endpoint })
    expect(createMedia({ ...source, endpoint })).toEqual(media)
    expect(createMedia({ ...source, endpoint, seed: 2 })).not.toEqual(media)
    expect(createMedia({ ...source, endpoint, upload: 'ofapi_media_2' })).not.toEqual(media)
  })

  test('has ten-digit ids and dates without milliseconds', () => {
    expect(createMedia(vault)).toMatchObject({ createdAt: '1970-01-01T00:00:00+00:00' })
    for (const seed of Array.from({ length: 100 }, (_, at) => at)) {
      expect(String(createMedia({ ...vault, seed })['id'])).toMatch(/^[1-9]\d{9}$/)
    }
  })
})
