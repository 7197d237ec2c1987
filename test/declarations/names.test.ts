import { beforeAll, describe, expect, jest, test } from '@jest/globals'
import { ownDeclarations, type Declarations } from './declarations'
import { deadLinks, publicMembers } from './members'
import { reachableFrom } from './reachable'

jest.setTimeout(120_000)

let declarations: Declarations

beforeAll(async () => {
  declarations = await ownDeclarations()
})

describe('the declarations', () => {
  test('refer only to types that an entry exports', () => {
    const exported = new Set([...declarations.entries.values()].flat())
    expect(exported.size).toBeGreaterThan(100)
    expect(
      [...reachableFrom(declarations)]
        .filter(symbol => !exported.has(symbol))
        .map(
          symbol => `${symbol.declarations?.[0]?.getSourceFile().fileName ?? ''}: ${symbol.name}`,
        ),
    ).toEqual([])
  })

  test('accept undefined for every optional member, for exactOptionalPropertyTypes', () => {
    const optional = publicMembers(declarations).filter(
      // Only this package passes FetchInit to a fetch.
      ({ isOptional, name }) => isOptional && !name.startsWith('FetchInit.'),
    )
    expect(optional.length).toBeGreaterThan(50)
    expect(
      optional.filter(({ takesUndefined }) => !takesUndefined).map(({ name }) => name),
    ).toEqual([])
  })

  test('start the documentation of a duration with its unit', () => {
    const durations = publicMembers(declarations).filter(
      ({ isNumber, name, documentation }) =>
        isNumber &&
        (/Timeout$|\.(deadline|notFoundGrace|silence|heartbeat|lifetime|delay|hint|wait|late|elapsed|authorizeTimeout|retryAfter|every|base|cap|at)$/.test(
          name,
        ) ||
          /millisecond|\bms\b/i.test(documentation)),
    )
    expect(durations.length).toBeGreaterThan(20)
    expect(
      durations
        .filter(({ documentation }) => !/^(The .*of )?Milliseconds\b/.test(documentation))
        .map(({ name, documentation }) => `${name}: ${documentation.slice(0, 60)}`),
    ).toEqual([])
  })

  test('of the overloads of uploadStatus$ contain no helper type', () => {
    const { checker, entries } = declarations
    const watch = entries.get('.')?.find(({ name }) => name === 'uploadStatus$')
    const signatures = watch && checker.getTypeOfSymbol(watch).getCallSignatures()
    expect(signatures?.map(signature => checker.signatureToString(signature))).toEqual([
      '(account: string, upload: `fansly_${string}`, options?: WatchOptions | undefined): Observable<Either<Failure, FanslyUploadStatus>>',
      '(account: string, upload: string, options?: WatchOptions | undefined): Observable<Either<Failure, UploadStatus>>',
      '(ref: FanslyRef, options?: WatchOptions | undefined): Observable<Either<Failure, FanslyUploadStatus>>',
      '(ref: UploadRef, options?: WatchOptions | undefined): Observable<Either<Failure, UploadStatus>>',
    ])
  })

  test('contain no dead link', () => {
    expect(deadLinks(declarations)).toEqual([])
  })
})
