import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/Either'
import { once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import { EMPTY, lastValueFrom, Subject, tap, toArray } from 'rxjs'
import { referenceLines$ } from '../../../src/cli/commands/references'
import { invalidRequest } from '../../../src'

const baseUrl = 'https://app.onlyfansapi.com'
const read = (input: Readable): Promise<readonly unknown[]> =>
  lastValueFrom(referenceLines$(input, baseUrl, EMPTY).pipe(toArray()), { defaultValue: [] })

describe('the lines of standard input', () => {
  test('are references, wherever their chunks end', async () => {
    const url = `${baseUrl}/api/acct_2/media/uploads/two/status`
    const chunks = ['acct', '_1 o', 'ne\r', `\n\n \t\n${url}`]
    expect(await read(Readable.from(chunks))).toEqual([
      E.right({ account: 'acct_1', upload: 'one' }),
      E.right({ account: 'acct_2', upload: 'two' }),
    ])
  })

  test('are told by their number where they name no upload', async () => {
    const failure = invalidRequest('upload', 'must be the last word of its line')
    expect(await read(Readable.from(['\nacct_1 one\na b c\nacct_1 two\n']))).toEqual([
      E.right({ account: 'acct_1', upload: 'one' }),
      E.left({ line: 3, failure }),
      E.right({ account: 'acct_1', upload: 'two' }),
    ])
  })

  test('lose nothing that was read before the stream broke off', async () => {
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

  test('wait until there is room for what comes of them', async () => {
    const input = new PassThrough()
    const room$ = new Subject<never>()
    const told: unknown[] = []
    const first = once(input, 'pause')
    const all = lastValueFrom(
      referenceLines$(input, baseUrl, room$).pipe(tap(reference => told.push(reference))),
    )
    input.write('acct_1 one\n')
    await first
    input.end('acct_1 two\n')
    await new Promise(setImmediate)
    expect(told).toEqual([E.right({ account: 'acct_1', upload: 'one' })])
    room$.complete()
    expect(await all).toEqual(E.right({ account: 'acct_1', upload: 'two' }))
  })

  test('are let go of when nobody listens any more', async () => {
    const input = new PassThrough()
    const closed = once(input, 'close')
    referenceLines$(input, baseUrl, EMPTY).subscribe().unsubscribe()
    await closed
    expect(input.destroyed).toBe(true)
  })
})
