import { describe, expect, test } from '@jest/globals'
import type { ValidateFunction } from 'ajv'
import fc from 'fast-check'
import { createHash } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import type { Malformed } from '../../src/failure/failure'
import { UploadStatus } from '../../src/api/status'
import { decodeStatus } from '../../src/api/decode'
import {
  apiError,
  completed,
  failed,
  pending,
  processing,
  type Sandbox,
  type Scenario,
} from '../../src/sandbox'
import { ask, openSandbox, post, type Answer } from '../sandbox/openSandbox'
import { inferredAnswer, inferredExamples, inferredSchema, schemas } from './inferred'
import { memberAt, memberPaths, withMember, withoutMember, type Members } from './members'
import { published, publishedStatus, publishedText } from './published'
import { schemaArbitrary } from './schemaArbitrary'

type Example = keyof typeof published

const getStatus = 'GET /api/{account}/media/uploads/{upload}/status'
const postVault = 'POST /api/{account}/media/vault'
const postUpload = 'POST /api/{account}/media/upload'

const examples = Object.entries(published).map(
  ([name, { example }]) => [name as Example, example] as const,
)

/** The errors of a value and their paths; empty if it is valid. */
const errorsOf = (validate: ValidateFunction, value: unknown): unknown => {
  validate(value)
  return validate.errors ?? []
}

const refused = (json: unknown, upload: unknown = memberAt(json, ['prefixed_id'])): Malformed => {
  const decoded = decodeStatus(String(upload), json)
  if (E.isRight(decoded)) throw new Error(`accepted: ${JSON.stringify(json)}`)
  return decoded.left
}

describe('the published description', () => {
  test('equals the file of the vendor, byte for byte', () => {
    expect(createHash('sha256').update(publishedText).digest('hex')).toBe(
      '183ac579413760c8cb25431e4c07c1b431a40b490771568914480276cc4e0a23',
    )
  })

  test.each(examples)('accepts its example %s in its own branch', (name, example) => {
    expect(errorsOf(published[name].validate, example)).toEqual([])
  })

  // This is why we infer a description. If this fails, the vendor may have fixed the published one.
  test.each(examples)(
    'rejects its example %s as a whole, because other branches match too',
    (_, example) => {
      expect(errorsOf(publishedStatus, example)).toMatchObject([{ keyword: 'oneOf' }])
    },
  )
})

describe('the inferred description', () => {
  const branches = ['PendingUpload', 'ProcessingUpload', 'CompletedUpload', 'FailedUpload']
  const medias = ['VaultMedia', 'CdnMedia']
  const fitting = (names: readonly string[], value: unknown): readonly string[] =>
    names.filter(name => inferredSchema(name)(value))

  test.each<[Example, string, readonly string[]]>([
    ['processing', 'ProcessingUpload', []],
    ['failed', 'FailedUpload', []],
    ['completedVault', 'CompletedUpload', ['VaultMedia']],
    ['completedCdn', 'CompletedUpload', ['CdnMedia']],
  ])('accepts the vendor’s example %s only as %s %j', (name, branch, media) => {
    const { example } = published[name]
    expect(errorsOf(inferredAnswer(getStatus, 200), example)).toEqual([])
    expect(fitting(branches, example)).toEqual([branch])
    expect(fitting(medias, example['media'])).toEqual(media)
  })

  test('contains the vendor’s examples, and a valid one for `pending`', () => {
    const { pending: ours, ...theirs } = inferredExamples(getStatus, 200)
    expect(theirs).toEqual(Object.fromEntries(examples))
    expect(errorsOf(inferredAnswer(getStatus, 200), ours)).toEqual([])
    expect(fitting(branches, ours)).toEqual(['PendingUpload'])
  })

  test.each([
    ['an empty object', {}],
    ['no status', { prefixed_id: 'ofapi_media_1' }],
    ['an unknown status', { status: 'archived', prefixed_id: 'ofapi_media_1' }],
    ['completed without media', { status: 'completed', prefixed_id: 'ofapi_media_1' }],
    ['failed without error', { status: 'failed', prefixed_id: 'ofapi_media_1' }],
    ['an error', { error: 'Upload not found.' }],
  ])('refuses as a status what the published branches accept: %s', (_, body) => {
    expect(inferredAnswer(getStatus, 200)(body)).toBe(false)
    expect(published.processing.validate(body)).toBe(true)
  })
})

describe('the sandbox', () => {
  const fileUrl = 'https://media.example/photo.jpg'
  const metered = { rateLimit: { perMinute: 60 } }

  /** Polls a scripted upload once. Every body contains the rate limits. */
  const poll = async (scenario: Scenario): Promise<Answer & { readonly upload: string }> => {
    const sandbox = await openSandbox(metered)
    const { upload, pollingUrl } = sandbox.script('acct_sandbox', scenario)
    return { ...(await ask(sandbox, pollingUrl)), upload }
  }

  const conforms = (operation: string, status: number, answer: Answer): void => {
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/)
    expect(errorsOf(inferredAnswer(operation, status), answer.body)).toEqual([])
  }

  test.each<[string, Example, Scenario]>([
    ['pending', 'processing', [pending()]],
    ['processing', 'processing', [processing()]],
    ['completed, from the vault', 'completedVault', [completed('vault')]],
    ['completed, from the CDN', 'completedCdn', [completed('upload')]],
    ['failed', 'failed', [failed()]],
  ])('answers %s as both descriptions and the decoder expect it', async (_, branch, scenario) => {
    const { upload, ...answer } = await poll(scenario)
    conforms(getStatus, 200, answer)
    expect(errorsOf(published[branch].validate, answer.body)).toEqual([])
    expect(answer.headers.get('x-rate-limit-remaining-minute')).toBe('59')
    expect(decodeStatus(upload, answer.body)).toEqual(E.right(answer.body))
  })

  test('answers with exactly the media members of the vendor’s examples', async () => {
    for (const [name, endpoint] of [
      ['completedVault', 'vault'],
      ['completedCdn', 'upload'],
    ] as const) {
      const { body } = await poll([completed(endpoint)])
      expect(memberPaths(memberAt(body, ['media']))).toEqual(
        memberPaths(published[name].example['media']),
      )
    }
  })

  const get =
    (path: string, init: RequestInit = {}) =>
    (sandbox: Sandbox): Promise<Answer> =>
      ask(sandbox, path, init)

  test.each<[string, number, (sandbox: Sandbox) => Promise<Answer>, Members]>([
    [
      'a wrong key',
      401,
      get('/api/acct_sandbox/media/uploads/ofapi_media_0/status', {
        headers: { authorization: 'Bearer wrong' },
      }),
      {},
    ],
    ['an unknown upload', 404, get('/api/acct_sandbox/media/uploads/ofapi_media_0/status'), {}],
    [
      'an unknown account',
      404,
      get('/api/acct_0/media/uploads/ofapi_media_0/status'),
      { code: 'account_not_found' },
    ],
  ])('answers a poll with %s with a %i and the described error', async (_, status, send, more) => {
    const answer = await send(await openSandbox(metered))
    conforms(getStatus, status, answer)
    expect(answer.body).toMatchObject({ error: expect.any(String), ...more })
    expect(memberAt(answer.body, ['code'])).toBe(more['code'])
  })

  test('answers a poll without the scope with a 403 and the described error', async () => {
    conforms(getStatus, 403, await poll([apiError(403, 'This key has no such scope.')]))
  })

  test('answers a poll over the limit with a 429, the limits and a Retry-After', async () => {
    const sandbox = await openSandbox({ rateLimit: { perMinute: 1 } })
    const { pollingUrl } = sandbox.script('acct_sandbox', [pending()])
    await ask(sandbox, pollingUrl)
    const answer = await ask(sandbox, pollingUrl)
    conforms(getStatus, 429, answer)
    expect(answer.headers.get('x-rate-limit-remaining-minute')).toBe('0')
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
  })

  describe.each([
    [postVault, 'vault'],
    [postUpload, 'upload'],
  ])('%s', (operation, endpoint) => {
    test('is answered with a 202 and a polling_url', async () => {
      const sandbox = await openSandbox(metered)
      const order = { file_url: fileUrl, async: true }
      const answer = await post(sandbox, endpoint, order)
      expect(errorsOf(inferredSchema('UploadRequest'), order)).toEqual([])
      conforms(operation, 202, answer)
      const { polling_url } = answer.body as { polling_url: string }
      conforms(getStatus, 200, await ask(sandbox, polling_url))
    })

    test.each<[string, unknown]>([
      ['neither of the two fields', { async: true }],
      ['both fields', { async: true, file: 'x', file_url: fileUrl }],
      ['a file_url that is not HTTPS', { async: true, file_url: 'http://media.example/a.jpg' }],
    ])('is answered with a 422 for %s, which the description forbids', async (_, order) => {
      expect(inferredSchema('UploadRequest')(order)).toBe(false)
      conforms(operation, 422, await post(await openSandbox(metered), endpoint, order))
    })

    test('is answered with a 401, 404 or 429 and the described error', async () => {
      const sandbox = await openSandbox({ rateLimit: { perMinute: 1 } })
      const send = (account: string, authorization?: string): Promise<Answer> =>
        ask(sandbox, `/api/${account}/media/${endpoint}`, {
          method: 'POST',
          ...(authorization === undefined ? {} : { headers: { authorization } }),
        })
      conforms(operation, 401, await send('acct_sandbox', 'Bearer wrong'))
      conforms(operation, 404, await send('acct_0'))
      conforms(operation, 429, await send('acct_sandbox'))
    })
  })
})

describe('decodeStatus', () => {
  // The members that a caller needs. All others in the examples are optional and nullable.
  const oneOfFour: unknown = expect.stringMatching(/pending.+processing.+completed.+failed/)
  const always = { status: oneOfFour, prefixed_id: 'string' }
  const finished = { ...always, media: expect.any(String) }
  const required: Readonly<Record<Example, Members>> = {
    processing: always,
    failed: { ...always, error: 'string' },
    completedVault: {
      ...finished,
      'media.id': 'a whole number from 0 to 2^53 - 1, or a non-empty string',
    },
    completedCdn: { ...finished, 'media.prefixed_id': 'string' },
  }

  const requiredMembers = examples.flatMap(([name, example]) =>
    Object.entries(required[name]).map(
      ([path, expected]) => [name, path, example, path.split('.'), expected] as const,
    ),
  )

  const optionalMembers = examples.flatMap(([name, example]) =>
    memberPaths(example)
      .filter(path => !(path.join('.') in required[name]))
      .map(path => [name, path.join('.'), example, path] as const),
  )

  const accepts = (json: Members): void => {
    expect(E.isRight(UploadStatus.decode(json))).toBe(true)
    expect(UploadStatus.is(json)).toBe(true)
    expect(decodeStatus(String(json['prefixed_id']), json)).toEqual(E.right(json))
  }

  test('is tested with every optional member of the vendor’s examples', () => {
    expect(optionalMembers).toHaveLength(20 + 11)
  })

  test.each(examples)('accepts the vendor’s example %s', (_, example) => {
    accepts(example)
  })

  test.each(optionalMembers)('accepts %s without %s', (_, __, example, path) => {
    accepts(withoutMember(example, path))
  })

  test.each(optionalMembers)('accepts %s if %s is null', (_, __, example, path) => {
    accepts(withMember(example, path, null))
  })

  test.each(examples)(
    'accepts %s without all optional members, or with null for each',
    (name, example) => {
      const optional = optionalMembers
        .filter(([owner]) => owner === name)
        .map(([, , , path]) => path)
      // The innermost first, because their paths lead through the others.
      const inwards = optional.toReversed()
      accepts(inwards.reduce(withoutMember, example))
      accepts(inwards.reduce((json, path) => withMember(json, path, null), example))
    },
  )

  test.each(requiredMembers)(
    'refuses %s without %s and reports the path',
    (_, path, example, way, expected) => {
      const failure = refused(withoutMember(example, way), example['prefixed_id'])
      expect(failure).toMatchObject({ _tag: 'Malformed', reason: 'shape' })
      expect(failure.problems).toContainEqual({ path, expected })
    },
  )

  test.each(requiredMembers)(
    'refuses %s if %s is null and reports the path',
    (_, path, example, way, expected) => {
      const failure = refused(withMember(example, way, null), example['prefixed_id'])
      expect(failure.problems).toContainEqual({ path, expected })
    },
  )

  const canary = (sample: unknown): unknown =>
    typeof sample === 'number' ? 'canary 8675309' : 8_675_309

  test.each(requiredMembers)(
    'refuses %s if %s has a wrong type, without revealing the value',
    (_, path, example, way, expected) => {
      const sample = memberAt(example, way)
      const member = { secret: 'canary 8675309' }
      const text = path === 'media.id' ? -8_675_309 : canary(sample)
      for (const wrong of [text, [8_675_309], typeof sample === 'object' ? '' : member]) {
        const failure = refused(withMember(example, way, wrong), example['prefixed_id'])
        expect(failure.problems).toContainEqual({ path, expected })
        expect(JSON.stringify(failure)).not.toContain('8675309')
      }
    },
  )

  const opaque = 'media.additional.user'

  test.each(optionalMembers.filter(([, path]) => path !== opaque))(
    'refuses %s if %s has a wrong type, without revealing the value',
    (_, path, example, way) => {
      const failure = refused(withMember(example, way, canary(memberAt(example, way))))
      expect(failure.problems).toContainEqual({
        path: path.replace(/\.\d+/g, ''),
        expected: expect.any(String),
      })
      expect(JSON.stringify(failure)).not.toContain('8675309')
    },
  )

  test('describes each expected type in at most 80 characters', () => {
    const spoilt = [
      null,
      ...[...requiredMembers, ...optionalMembers]
        .filter(([, path]) => path !== opaque)
        .map(([, , example, way]) => withMember(example, way, canary(memberAt(example, way)))),
    ]
    const long = spoilt
      .flatMap(json => refused(json, 'ofapi_media_01JR1234').problems)
      .filter(({ expected }) => expected.length > 80)
    expect(long.map(({ path }) => path)).toEqual([])
  })

  test.each(['archived', 'COMPLETED', 'cancelled'])(
    'refuses the unknown status %s and names it',
    status => {
      const failure = refused({ ...published.completedVault.example, status })
      expect(failure).toMatchObject({ _tag: 'Malformed', reason: 'shape', status })
    },
  )

  test.each([
    ['a sentence', 'not a word'],
    ['longer than 32 characters', 'x'.repeat(33)],
    ['not a string', 8_675_309],
    ['missing', undefined],
  ])('does not quote a status that is %s', (_, status) => {
    expect(refused({ status, prefixed_id: 'ofapi_media_1' }).status).toBeNull()
  })

  test.each(examples)('refuses %s of another upload, without revealing its id', (_, example) => {
    const failure = refused(example, 'ofapi_media_other')
    expect(failure).toMatchObject({
      problems: [{ path: 'prefixed_id', expected: 'the requested upload' }],
      status: example['status'],
    })
    expect(JSON.stringify(failure)).not.toContain(example['prefixed_id'])
  })

  test('reports at most five problems', () => {
    const media = Object.fromEntries(
      ['type', 'isReady', 'hasError', 'canView', 'createdAt', 'duration', 'files'].map(name => [
        name,
        name === 'duration' ? 'x' : 1,
      ]),
    )
    const failure = refused({ status: 'completed', prefixed_id: 'u', media: { id: 1, ...media } })
    expect(failure.problems).toHaveLength(5)
  })
})

describe('UploadStatus agrees with the inferred description', () => {
  const validate = inferredSchema('UploadStatus')
  const arbitrary = (misses: number): fc.Arbitrary<unknown> =>
    schemaArbitrary(schemas, schemas['UploadStatus'] ?? {}, misses)
  const nearMisses = arbitrary(4)

  test('on all valid values', () => {
    fc.assert(
      fc.property(arbitrary(0), json => {
        expect(errorsOf(validate, json)).toEqual([])
        expect(UploadStatus.is(json)).toBe(true)
        expect(UploadStatus.decode(json)).toEqual(E.right(json))
      }),
    )
  })

  // There is no known exception: they also agree on `1e999`, on unknown members and on media with
  // both ids.
  test('on near misses: both accept or both refuse', () => {
    fc.assert(
      fc.property(nearMisses, json => {
        const valid = validate(json)
        expect(UploadStatus.is(json)).toBe(valid)
        expect(E.isRight(UploadStatus.decode(json))).toBe(valid)
      }),
      { numRuns: 3_000 },
    )
  })

  test('on near misses, of which many are valid and many invalid for each status', () => {
    const sample = fc.sample(nearMisses, { numRuns: 4_000, seed: 1 })
    const accepted = sample.filter(json => validate(json))
    expect(accepted.length).toBeGreaterThan(1_000)
    expect(sample.length - accepted.length).toBeGreaterThan(300)
    for (const status of ['pending', 'processing', 'completed', 'failed']) {
      const both = [accepted, sample.filter(json => !validate(json))].map(
        half => half.filter(json => memberAt(json, ['status']) === status).length,
      )
      expect(Math.min(...both)).toBeGreaterThan(10)
    }
  })

  test('on a media with both ids, which is valid', () => {
    for (const media of [{ id: 1 }, { id: '1' }, { id: null }, { id: 1, type: 1 }]) {
      const json = {
        ...published.completedCdn.example,
        media: { prefixed_id: 'ofapi_media_1', ...media },
      }
      expect([json, UploadStatus.is(json)]).toEqual([json, true])
      expect(errorsOf(validate, json)).toEqual([])
    }
  })

  test('on every example with one member missing, null or of another type', () => {
    for (const [, example] of examples) {
      for (const path of memberPaths(example)) {
        for (const json of [
          withoutMember(example, path),
          ...[null, 1, 0.5, Infinity, '', true, [], [null], {}].map(member =>
            withMember(example, path, member),
          ),
        ]) {
          expect([path, json, UploadStatus.is(json)]).toEqual([path, json, validate(json)])
        }
      }
    }
  })
})
