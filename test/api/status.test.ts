import { describe, expect, test } from '@jest/globals'
import { expectTypeOf } from 'expect-type'
import fc from 'fast-check'
import type { Either } from 'fp-ts/Either'
import type * as t from 'io-ts'
import { map, of, type Observable } from 'rxjs'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { Failure } from '../../src/failure/failure'
import { CdnMedia, VaultMedia } from '../../src/api/media'
import {
  CompletedUpload,
  FailedUpload,
  isLater,
  isTerminal,
  PendingUpload,
  ProcessingUpload,
  TerminalStatus,
  UploadStatus,
} from '../../src/api/status'

const statuses = {
  pending: { status: 'pending', prefixed_id: 'ofapi_media_1' },
  processing: { status: 'processing', prefixed_id: 'ofapi_media_1' },
  completed: {
    status: 'completed',
    prefixed_id: 'ofapi_media_1',
    media: { id: 1 },
    credits_used: 3,
  },
  failed: { status: 'failed', prefixed_id: 'ofapi_media_1', error: 'Failed to download file.' },
} as const satisfies Readonly<Record<string, UploadStatus>>

const all = Object.values(statuses)

const codecs: ReadonlyArray<readonly [string, t.Type<UploadStatus>, readonly UploadStatus[]]> = [
  ['PendingUpload', PendingUpload as t.Type<UploadStatus>, [statuses.pending]],
  ['ProcessingUpload', ProcessingUpload as t.Type<UploadStatus>, [statuses.processing]],
  ['CompletedUpload', CompletedUpload as t.Type<UploadStatus>, [statuses.completed]],
  ['FailedUpload', FailedUpload as t.Type<UploadStatus>, [statuses.failed]],
  ['TerminalStatus', TerminalStatus as t.Type<UploadStatus>, [statuses.completed, statuses.failed]],
  ['UploadStatus', UploadStatus, all],
]

describe.each(codecs)('the codec %s', (_, codec, own) => {
  test('accepts its own statuses unchanged and refuses the others', () => {
    for (const status of all) {
      const isOwn = own.includes(status)
      expect(codec.is(status)).toBe(isOwn)
      const decoded = codec.decode(status)
      expect(E.isRight(decoded)).toBe(isOwn)
      // The same object: nothing was copied, dropped or changed.
      if (E.isRight(decoded)) expect(decoded.right).toBe(status)
    }
  })

  test('encodes a status unchanged', () => {
    for (const status of own) expect(codec.encode(status)).toStrictEqual(status)
  })

  test('keeps unknown members with any value', () => {
    const name = fc.string().filter(key => !['media', 'credits_used', 'error'].includes(key))
    fc.assert(
      fc.property(
        fc.dictionary(name, fc.jsonValue()),
        fc.constantFrom(...own),
        (unnamed, status) => {
          const json = { ...unnamed, ...status }
          const decoded = codec.decode(json)
          expect(E.isRight(decoded) && decoded.right).toBe(json)
        },
      ),
    )
  })

  test('refuses anything but an object', () => {
    for (const value of [null, undefined, 'pending', 1, true, [], [own[0]], () => own[0]]) {
      expect(codec.is(value)).toBe(false)
      expect(E.isLeft(codec.decode(value))).toBe(true)
    }
  })

  test('refuses a status whose prefixed_id is missing or not a string', () => {
    for (const status of own) {
      const { prefixed_id, ...rest } = status
      for (const spoilt of [
        rest,
        ...[null, 1, [prefixed_id]].map(id => ({ ...rest, prefixed_id: id })),
      ]) {
        expect(codec.is(spoilt)).toBe(false)
        expect(E.isLeft(codec.decode(spoilt))).toBe(true)
      }
    }
  })
})

const accepted = (json: string): boolean => {
  const value: unknown = JSON.parse(json)
  const isAccepted = E.isRight(UploadStatus.decode(value))
  expect(UploadStatus.is(value)).toBe(isAccepted)
  return isAccepted
}

test('every codec has the name of its type', () => {
  const codecs = {
    CdnMedia,
    CompletedUpload,
    Failure,
    FailedUpload,
    PendingUpload,
    ProcessingUpload,
    TerminalStatus,
    UploadStatus,
    VaultMedia,
  }
  for (const [name, codec] of Object.entries(codecs)) expect(codec.name).toBe(name)
})

describe('a status', () => {
  test.each([
    ['credits_used', '"credits_used":1e999', '"credits_used":1e308'],
    ['media.duration', '"media":{"id":1,"duration":-1e999}', '"media":{"id":1,"duration":-1e308}'],
  ])('is refused with 1e999 as %s and accepted with 1e308', (_, wrong, right) => {
    const rest = '"status":"completed","prefixed_id":"u"'
    const media = right.includes('media') ? '' : '"media":{"id":1},'
    expect(accepted(`{${media}${rest},${wrong}}`)).toBe(false)
    expect(accepted(`{${media}${rest},${right}}`)).toBe(true)
  })

  test.each([
    ['7', true],
    ['0', true],
    ['7.0', true],
    ['9007199254740991', true],
    ['9007199254740992', false],
    ['9007199254740993', false],
    ['1e308', false],
    ['1e999', false],
    ['1.5', false],
    ['-7', false],
  ])('with %s as media.id is accepted: %p', (id, isAccepted) => {
    expect(accepted(`{"status":"completed","prefixed_id":"u","media":{"id":${id}}}`)).toBe(
      isAccepted,
    )
    // It is not a CDN media either.
    const media = `{"id":${id},"prefixed_id":"x"}`
    expect(accepted(`{"status":"completed","prefixed_id":"u","media":${media}}`)).toBe(isAccepted)
  })

  test.each(['null', '"x"', 'true', '[1.5]'])('with a CDN media may have the media.id %s', id => {
    const media = `{"id":${id},"prefixed_id":"x"}`
    expect(accepted(`{"status":"completed","prefixed_id":"u","media":${media}}`)).toBe(true)
  })

  test.each([
    '{"__proto__":{"status":"pending","prefixed_id":"u"}}',
    '{"status":"pending","__proto__":{"prefixed_id":"u"}}',
    '{"status":"failed","prefixed_id":"u","__proto__":{"error":"x"}}',
    '{"status":"completed","prefixed_id":"u","__proto__":{"media":{"id":1}}}',
    '{"status":"completed","prefixed_id":"u","media":{"__proto__":{"id":1}}}',
    '{"constructor":{"status":"pending","prefixed_id":"u"}}',
    '{"constructor":{"prototype":{"status":"pending"}},"prefixed_id":"u"}',
    '{"status":"constructor","prefixed_id":"u"}',
    '{"status":"__proto__","prefixed_id":"u"}',
    '{"status":"toString","prefixed_id":"u"}',
  ])('is refused without its own members: %s', json => {
    expect(accepted(json)).toBe(false)
    expect({}).not.toHaveProperty('status')
  })

  test('uses the last of two members with the same name, like JSON.parse', () => {
    expect(accepted('{"status":"archived","status":"pending","prefixed_id":"u"}')).toBe(true)
    expect(accepted('{"status":"pending","status":"archived","prefixed_id":"u"}')).toBe(false)
  })

  test.each(['', 'Pending', 'pending ', 'archived', 'complete', 'cancelled'])(
    'is refused with the unknown word %j',
    status => {
      for (const known of all) expect(UploadStatus.is({ ...known, status })).toBe(false)
    },
  )

  test.each([[['pending']], [null], [undefined], [0], [{}]])(
    'is refused with the value %j',
    status => {
      for (const known of all) expect(UploadStatus.is({ ...known, status })).toBe(false)
    },
  )

  test.each([
    ['completed without media', { status: 'completed', prefixed_id: 'u' }],
    ['completed with null as media', { status: 'completed', prefixed_id: 'u', media: null }],
    ['completed with a media of neither shape', { ...statuses.completed, media: { id: '' } }],
    ['completed with an array as media', { ...statuses.completed, media: [{ id: 1 }] }],
    ['completed with a string as credits', { ...statuses.completed, credits_used: '3' }],
    ['failed without error', { status: 'failed', prefixed_id: 'u' }],
    ['failed with null as error', { status: 'failed', prefixed_id: 'u', error: null }],
    ['failed with an object as error', { ...statuses.failed, error: { message: 'x' } }],
  ])('is refused if it is %s', (_, value) => {
    expect(UploadStatus.is(value)).toBe(false)
    expect(E.isLeft(UploadStatus.decode(value))).toBe(true)
  })

  test.each([
    ['no credits', { status: 'completed', prefixed_id: 'u', media: { id: 1 } }],
    ['null as credits', { ...statuses.completed, credits_used: null }],
    ['half a credit', { ...statuses.completed, credits_used: 0.5 }],
    ['a CDN media', { ...statuses.completed, media: { prefixed_id: 'x' } }],
  ])('may be completed with %s', (_, value) => {
    expect(UploadStatus.is(value)).toBe(true)
    expect(UploadStatus.decode(value)).toEqual(E.right(value))
  })
})

describe('isTerminal', () => {
  test.each([
    ['pending', false],
    ['processing', false],
    ['completed', true],
    ['failed', true],
  ] as const)('for %s returns %s', (status, expected) => {
    expect(isTerminal(statuses[status])).toBe(expected)
    expect(TerminalStatus.is(statuses[status])).toBe(expected)
  })
})

describe('isLater', () => {
  test.each([
    ['processing', 'pending', true],
    ['completed', 'pending', true],
    ['failed', 'processing', true],
    ['pending', 'processing', false],
    ['processing', 'completed', false],
    ['pending', 'pending', false],
    ['failed', 'completed', false],
    ['completed', 'failed', false],
  ] as const)('for %s after %s returns %s', (status, than, expected) => {
    expect(isLater(statuses[status], statuses[than])).toBe(expected)
  })
})

describe('the types', () => {
  test('of the codecs equal the types of the same name', () => {
    expectTypeOf<t.TypeOf<typeof PendingUpload>>().toEqualTypeOf<PendingUpload>()
    expectTypeOf<t.TypeOf<typeof ProcessingUpload>>().toEqualTypeOf<ProcessingUpload>()
    expectTypeOf<t.TypeOf<typeof CompletedUpload>>().toEqualTypeOf<CompletedUpload>()
    expectTypeOf<t.TypeOf<typeof FailedUpload>>().toEqualTypeOf<FailedUpload>()
    expectTypeOf<t.TypeOf<typeof TerminalStatus>>().toEqualTypeOf<TerminalStatus>()
    expectTypeOf<t.TypeOf<typeof UploadStatus>>().toEqualTypeOf<UploadStatus>()
  })

  test('of the statuses are discriminated by `status`', () => {
    expectTypeOf<UploadStatus['status']>().toEqualTypeOf<
      'pending' | 'processing' | 'completed' | 'failed'
    >()
    expectTypeOf<Extract<UploadStatus, { status: 'completed' }>>().toEqualTypeOf<CompletedUpload>()
    expectTypeOf<Extract<UploadStatus, { status: 'failed' }>>().toEqualTypeOf<FailedUpload>()
    const line = (status: UploadStatus): string => {
      // @ts-expect-error: only a failed upload has an error
      expectTypeOf(status.error)
      switch (status.status) {
        case 'pending':
          expectTypeOf(status).toEqualTypeOf<PendingUpload>()
          return 'queued'
        case 'processing':
          expectTypeOf(status).toEqualTypeOf<ProcessingUpload>()
          return 'in progress'
        case 'completed':
          expectTypeOf(status.media).toEqualTypeOf<VaultMedia | CdnMedia>()
          return 'completed'
        case 'failed':
          expectTypeOf(status.error).toEqualTypeOf<string>()
          return status.error
        default:
          expectTypeOf(status).toBeNever()
          return status
      }
    }
    expect(all.map(line)).toEqual([
      'queued',
      'in progress',
      'completed',
      'Failed to download file.',
    ])
  })

  test('of the statuses are narrowed by isTerminal', () => {
    expectTypeOf<TerminalStatus>().toEqualTypeOf<CompletedUpload | FailedUpload>()
    const rest = (status: UploadStatus): string => {
      if (isTerminal(status)) {
        expectTypeOf(status).toEqualTypeOf<TerminalStatus>()
        return 'terminal'
      }
      expectTypeOf(status).toEqualTypeOf<PendingUpload | ProcessingUpload>()
      return status.status
    }
    expect(all.map(rest)).toEqual(['pending', 'processing', 'terminal', 'terminal'])
  })

  test('of an answer are inferred in a pipe, for Left and Right', () => {
    const answer = E.right(statuses.failed) as Either<Failure, UploadStatus>
    const summary = pipe(
      answer,
      E.map(status => {
        expectTypeOf(status).toEqualTypeOf<UploadStatus>()
        return status.status
      }),
      E.mapLeft(failure => {
        expectTypeOf(failure).toEqualTypeOf<Failure>()
        return failure._tag
      }),
    )
    expectTypeOf(summary).toEqualTypeOf<Either<Failure['_tag'], UploadStatus['status']>>()
    expect(summary).toEqual(E.right('failed'))
    const ended = pipe(
      answer,
      E.filterOrElseW(isTerminal, () => 'not yet' as const),
    )
    expectTypeOf(ended).toEqualTypeOf<Either<Failure | 'not yet', TerminalStatus>>()
    expect(ended).toEqual(answer)
    const ids$ = of(answer).pipe(map(E.map(status => status.prefixed_id)))
    expectTypeOf(ids$).toEqualTypeOf<Observable<Either<Failure, string>>>()
  })

  test('of the statuses are read-only', () => {
    const change = (status: UploadStatus): void => {
      // @ts-expect-error: a status is read-only
      status.prefixed_id = 'another'
    }
    expectTypeOf(change).toBeFunction()
  })
})
