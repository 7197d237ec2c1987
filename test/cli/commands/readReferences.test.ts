import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/Either'
import { once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import { EMPTY, lastValueFrom, Subject, tap, toArray } from 'rxjs'
import { readReferences$ } from '../../../src/cli/commands/readReferences'
import { formatFailure } from '../../../src/cli/display/format'
import { invalidRequest, type Failure } from '../../../src'

const baseUrl = 'https://app.onlyfansapi.com'
const read = (input: Readable): Promise<readonly unknown[]> =>
  lastValueFrom(readReferences$(input, baseUrl, EMPTY).pipe(toArray()), { defaultValue: [] })

describe('the lines of standard input', () => {
  test('are references, wherever the chunks are split', async () => {
    const url = `${baseUrl}/api/acct_2/media/uploads/two/status`
    const chunks = ['acct', '_1 o', 'ne\r', `\n\n \t\n${url}`]
    expect(await read(Readable.from(chunks))).toEqual([
      E.right({ account: 'acct_1', upload: 'one' }),
      E.right({ account: 'acct_2', upload: 'two' }),
    ])
  })

  test.each(['\n', '\r\n', '\r'])('end with %j, wherever the chunks are split', async end => {
    const text = ['acct_1 one', '# none', 'acct_1 two', 'acct_1 .', 'acct_1 three'].join(end)
    const failure = invalidRequest('upload', 'must be 1 to 128 letters, digits, "_" or "-"')
    const references = [
      E.right({ account: 'acct_1', upload: 'one' }),
      E.right({ account: 'acct_1', upload: 'two' }),
      E.left({ line: 4, failure }),
      E.right({ account: 'acct_1', upload: 'three' }),
    ]
    expect(await read(Readable.from([text]))).toEqual(references)
    expect(await read(Readable.from(Array.from(text)))).toEqual(references)
  })

  test('may remove an upload, or give one a priority', async () => {
    const text = [
      '-acct_1/one',
      ` -${baseUrl}/api/acct_1/media/uploads/two/status # no longer`,
      'acct_1 three priority=2',
      `${baseUrl}/api/acct_1/media/uploads/four/status\tpriority=-0.5`,
      // An id may begin with the sign.
      '-acct one',
      '--acct/-one',
    ].join('\n')
    const acct_1 = (upload: string) => ({ account: 'acct_1', upload })
    expect(await read(Readable.from([text]))).toEqual([
      E.right({ remove: acct_1('one') }),
      E.right({ remove: acct_1('two') }),
      E.right({ ...acct_1('three'), priority: 2 }),
      E.right({ ...acct_1('four'), priority: -0.5 }),
      E.right({ account: '-acct', upload: 'one' }),
      E.right({ remove: { account: '-acct', upload: '-one' } }),
    ])
  })

  test.each([
    ['-acct_1', 'upload must be ACCOUNT/UPLOAD or a polling URL after "-"'],
    ['-a/b/c', 'upload must be ACCOUNT/UPLOAD or a polling URL after "-"'],
    ['-acct_1/..', 'upload must be 1 to 128 letters, digits, "_" or "-"'],
    ['-https://evil.example/x', 'polling URL is not the status URL of an upload'],
    ['acct_1 one priority=high', 'priority must be a number, like priority=1'],
    ['acct_1 one priority=', 'priority must be a number, like priority=1'],
    ['acct_1 one priority=1e999', 'priority must be a number, like priority=1'],
  ])('do not remove or prioritize by "%s"', async (line, why) => {
    const failure = (left: unknown): string => formatFailure((left as { failure: Failure }).failure)
    const [only] = await read(Readable.from([line]))
    expect(E.mapLeft(failure)(only as E.Either<unknown, unknown>)).toEqual(E.left(why))
  })

  test('may have comments and a byte-order mark', async () => {
    const text =
      '\uFEFF# of May\nacct_1 one # the trailer\n  #acct_1 two\n#\n\n\uFEFFacct_1 three\n'
    expect(await read(Readable.from([text]))).toEqual([
      E.right({ account: 'acct_1', upload: 'one' }),
      E.right({ account: 'acct_1', upload: 'three' }),
    ])
  })

  test('may have ids that begin with "-"', async () => {
    expect(await read(Readable.from(['acct_1 -one\n']))).toEqual([
      E.right({ account: 'acct_1', upload: '-one' }),
    ])
  })

  test('continue after a line that is too long', async () => {
    const failure = invalidRequest('upload', 'must be on a line of at most 4096 characters')
    const long = Array<string>(100).fill('x'.repeat(1_000))
    expect(await read(Readable.from([...long, '\nacct_1 two\n']))).toEqual([
      E.left({ line: 1, failure }),
      E.right({ account: 'acct_1', upload: 'two' }),
    ])
  })

  test('end early in a text without line breaks', async () => {
    const failure = invalidRequest(
      'upload',
      'must be on a line of its own: standard input is no list',
    )
    let pieces = 0
    const endless = function* (): Generator<string> {
      yield 'acct_1 one\n'
      for (; pieces < 1_000; pieces += 1) yield 'x'.repeat(65_536)
    }
    expect(await read(Readable.from(endless()))).toEqual([
      E.right({ account: 'acct_1', upload: 'one' }),
      E.left({ line: 2, failure }),
    ])
    expect(pieces).toBeLessThan(100)
  })

  test.each([Buffer.from('acct_1 one\n', 'utf16le'), Buffer.alloc(65_536)])(
    'are UTF-8: anything else is reported immediately',
    async bytes => {
      const failure = invalidRequest(
        'upload',
        'must be UTF-8 text: standard input is UTF-16 or binary',
      )
      expect(await read(Readable.from([bytes]))).toEqual([E.left({ line: 1, failure })])
    },
  )

  test('are whole, even if a character is split between two chunks', async () => {
    const bytes = Buffer.from('acct_1 one # \u{1F3AC}\nacct_1 two')
    const chunks = Array.from(bytes, byte => Buffer.from([byte]))
    expect(await read(Readable.from(chunks))).toHaveLength(2)
  })

  test('are emitted with their line number if they are invalid', async () => {
    const failure = invalidRequest(
      'upload',
      'must be followed by nothing but priority=N or a # comment',
    )
    expect(await read(Readable.from(['\nacct_1 one\na b c\nacct_1 two\n']))).toEqual([
      E.right({ account: 'acct_1', upload: 'one' }),
      E.left({ line: 3, failure }),
      E.right({ account: 'acct_1', upload: 'two' }),
    ])
  })

  test('are emitted even if the stream breaks off later', async () => {
    const input = new PassThrough()
    const all = read(input)
    input.write('acct_1 one\n')
    setImmediate(() => input.destroy(new Error('EIO')))
    expect(await all).toEqual([
      E.right({ account: 'acct_1', upload: 'one' }),
      E.left({
        line: 2,
        failure: invalidRequest('upload', 'could not be read: standard input broke off'),
      }),
    ])
  })

  test('wait until the output accepts more', async () => {
    const input = new PassThrough()
    const drained$ = new Subject<never>()
    const seen: unknown[] = []
    const first = once(input, 'pause')
    const all = lastValueFrom(
      readReferences$(input, baseUrl, drained$).pipe(tap(reference => seen.push(reference))),
    )
    input.write('acct_1 one\n')
    await first
    input.end('acct_1 two\n')
    await new Promise(setImmediate)
    expect(seen).toEqual([E.right({ account: 'acct_1', upload: 'one' })])
    drained$.complete()
    expect(await all).toEqual(E.right({ account: 'acct_1', upload: 'two' }))
  })

  test('stop on unsubscribe, which destroys the stream', async () => {
    const input = new PassThrough()
    const closed = once(input, 'close')
    readReferences$(input, baseUrl, EMPTY).subscribe().unsubscribe()
    await closed
    expect(input.destroyed).toBe(true)
  })
})
