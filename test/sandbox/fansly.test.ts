import { describe, expect, test } from '@jest/globals'
import { ask, fileUrl, openSandbox, post, postForm, startAsync } from './openSandbox'

const account = 'fansly_acct_1'
const snowflake = expect.stringMatching(/^\d{19}$/)
const fanslyId = /^fansly_media_[0-9a-f]{32}$/

const media = {
  id: snowflake,
  type: 1,
  status: 1,
  accountId: snowflake,
  mimetype: 'image/jpeg',
  filename: 'photo.jpg',
  width: 1_080,
  height: 1_080,
}

describe.each(['media/upload', 'vault/media/upload'])('an upload to Fansly by %s', endpoint => {
  test('is accepted with an id and a polling_url of Fansly, and completes with its media', async () => {
    const sandbox = await openSandbox({ durations: { pending: 0, processing: 0 } })
    const { prefixed_id, polling_url } = await startAsync(sandbox, endpoint, fileUrl, account)
    expect(prefixed_id).toMatch(fanslyId)
    const path = `/api/fansly/${account}/media/uploads/${prefixed_id}/status`
    expect(polling_url).toBe(sandbox.url + path)
    const { body } = await ask(sandbox, polling_url)
    expect(body).toEqual({ status: 'completed', prefixed_id, media_id: snowflake, media })
    expect(body).toHaveProperty('media.id', (body as { media_id: string }).media_id)
  })

  test('is answered with its id, media and cost without `async`', async () => {
    const sandbox = await openSandbox()
    const { status, body } = await post(sandbox, endpoint, { file_url: fileUrl }, account)
    expect(status).toBe(200)
    expect(body).toEqual({
      prefixed_id: expect.stringMatching(fanslyId),
      file_name: 'photo.jpg',
      media_id: snowflake,
      media,
      credits_used: 3,
    })
  })
})

describe('an account', () => {
  test.each([
    ['/api/fansly_acct_1/media/upload', 'POST'],
    ['/api/fansly_acct_1/media/vault', 'POST'],
    ['/api/fansly/acct_1/media/upload', 'POST'],
    ['/api/fansly/acct_1/vault/media/upload', 'POST'],
    ['/api/fansly/acct_1/media/uploads/ofapi_media_1/status', 'GET'],
    ['/api/fansly_acct_1/media/uploads/fansly_media_1/status', 'GET'],
  ])('is unknown on the paths of the other platform: %s', async (path, method) => {
    const sandbox = await openSandbox()
    sandbox.script('acct_1', [{ kind: 'pending' }], 'ofapi_media_1')
    sandbox.script(account, [{ kind: 'pending' }], 'fansly_media_1')
    const { status, body } = await ask(sandbox, path, { method })
    expect([status, body]).toMatchObject([404, { code: 'account_not_found' }])
  })
})

describe('a field that only one platform has', () => {
  test.each<[string, string, string, unknown, number]>([
    ['acct_1', 'media/upload', 'type', 'default', 200],
    ['acct_1', 'media/upload', 'type', 'avatar', 200],
    ['acct_1', 'media/upload', 'type', 'header', 200],
    ['acct_1', 'media/upload', 'type', '', 200],
    ['acct_1', 'media/upload', 'type', null, 200],
    ['acct_1', 'media/upload', 'type', 'banner', 422],
    ['acct_1', 'media/upload', 'type', 'AVATAR', 422],
    ['acct_1', 'media/upload', 'type', 1, 422],
    ['acct_1', 'media/vault', 'type', 'banner', 200],
    [account, 'media/upload', 'type', 'banner', 200],
    [account, 'vault/media/upload', 'album_id', '800000000000000010', 200],
    [account, 'vault/media/upload', 'album_id', '', 200],
    [account, 'vault/media/upload', 'album_id', 'holidays', 422],
    [account, 'vault/media/upload', 'album_id', 800_000_000_000_000_000, 422],
    [account, 'media/upload', 'album_id', 'holidays', 200],
    ['acct_1', 'media/vault', 'album_id', 'holidays', 200],
  ])(
    'is validated on that platform only: %s %s with %s %j',
    async (owner, endpoint, name, value, expected) => {
      const sandbox = await openSandbox()
      const json = { file_url: fileUrl, [name]: value }
      const { status, body } = await post(sandbox, endpoint, json, owner)
      expect(status).toBe(expected)
      if (status === 422)
        expect(body).toEqual({ error: expect.stringContaining(`The ${name} field`) })
      if (typeof value !== 'string') return
      const form = await postForm(sandbox, endpoint, { file_url: fileUrl, [name]: value }, owner)
      expect(form.status).toBe(expected)
    },
  )
})
