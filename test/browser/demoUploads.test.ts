import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startSandbox, type Sandbox } from 'rx-upload-status/sandbox'
import { nameOf } from '../../docs/demo/page/origin'
import type { Entry } from '../../docs/demo/page/entry'
import { newsOf } from '../../docs/demo/page/words'
import { partsOf } from '../../docs/demo/page/partsOf'
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

  test('are permitted, and no others', () => {
    const [account = ''] = sandbox.accounts
    expect(started).toHaveLength(200)
    expect(started.filter(upload => !uploads.has({ account, upload }))).toEqual([])
    expect(uploads.has({ account, upload: 'ofapi_media_other' })).toBe(false)
    expect(uploads.has({ account: 'acct_1', upload: started[0] ?? '' })).toBe(false)
  })

  test('are listed from the newest, at most 100', () => {
    expect(uploads.list().map(({ upload }) => upload)).toEqual(started.slice(100).reverse())
  })
})

describe('the name of an upload', () => {
  test.each([
    ['https://media.example/films/trailer.mp4?size=1#now', 'trailer.mp4'],
    ['https://media.example/%E0%A4%A.png', '%E0%A4%A.png'],
    ['https://media.example/', 'media.example'],
    ['https://media.example/%20%E2%80%8B%20', 'https://media.example/%20%E2%80%8B%20'],
    [`https://media.example/${encodeURIComponent('\u202Eexe.gpj\uFEFF')}`, 'exe.gpj'],
    [`https://media.example/${encodeURIComponent('two\r\nlines\u0007.gif')}`, 'two lines .gif'],
    [
      `https://media.example/${encodeURIComponent('👨\u200D👩\u200D👧.mov')}`,
      '👨\u200D👩\u200D👧.mov',
    ],
  ])('of %j is %j', (origin, name) => {
    expect(nameOf(origin)).toBe(name)
  })

  test('is never empty', () => {
    expect(nameOf(new File([], '\u200B'))).toBe('A file without a name')
  })

  test.each([
    ['short.mp4', ['short.mp4', '']],
    ['e\u0301'.repeat(40), ['e\u0301'.repeat(30), 'e\u0301'.repeat(10)]],
    [
      '👨\u200D👩\u200D👧'.repeat(21),
      ['👨\u200D👩\u200D👧'.repeat(11), '👨\u200D👩\u200D👧'.repeat(10)],
    ],
  ])('is split between characters, never within one: %j', (name, parts) => {
    expect(partsOf(name)).toEqual(parts)
  })
})

describe('the announcement of an upload', () => {
  const refused = (): Entry => ({
    key: '1',
    name: 'clip.mp4',
    origin: null,
    state: 'refused',
    why: 'Too large.',
  })

  test('repeats an end that occurred again', () => {
    expect(newsOf([refused()], [refused()])).toBe('clip.mp4: Refused. Too large.')
  })

  test('omits an end that was announced, and the end of a new row', () => {
    const same = refused()
    expect(newsOf([same], [same])).toBeNull()
    expect(newsOf([], [same])).toBeNull()
  })
})
