import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startSandbox, type Sandbox } from 'rx-upload-status/sandbox'
import { createUploads, type Uploads } from '../../docs/demo/uploads'

describe('200 uploads that were started in the demo', () => {
  let sandbox: Sandbox
  let uploads: Uploads
  let started: readonly string[] = []

  beforeAll(async () => {
    sandbox = await startSandbox()
    uploads = createUploads(sandbox)
    const form = JSON.stringify({ async: true, file_url: 'https://media.example/clip.mp4' })
    for (let i = 0; i < 200; i++) {
      const reply = await uploads.start('clip.mp4', Readable.from(form), 'application/json')
      if ('upload' in reply.body) started = [...started, reply.body.upload]
    }
  }, 30_000)
  afterAll(() => sandbox.close())

  test('may all be seen, and no others', () => {
    const [account = ''] = sandbox.accounts
    expect(started).toHaveLength(200)
    expect(started.filter(upload => !uploads.has({ account, upload }))).toEqual([])
    expect(uploads.has({ account, upload: 'ofapi_media_other' })).toBe(false)
    expect(uploads.has({ account: 'acct_1', upload: started[0] ?? '' })).toBe(false)
  })

  test('are listed up to the latest 100, the newest first', () => {
    expect(uploads.list().map(({ upload }) => upload)).toEqual(started.slice(100).reverse())
  })
})
