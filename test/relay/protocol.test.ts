import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { left, right } from 'fp-ts/Either'
import { isIdentifier, unavailable } from 'rx-upload-status'
import { knownAfter, readKnown, writeKnown } from '../../src/relay/protocol/known'
import {
  longestRefs,
  maxUploads,
  nameOf,
  readRefs,
  writeRefs,
} from '../../src/relay/protocol/reference'
import { completed, failed, pending, processing } from '../answers'
import { heldBy } from '../memory'

describe('the last event id', () => {
  const known = fc.constantFrom(0, 1, 2, 3)

  test('encodes the progress of a watch: pending, processing, ended', () => {
    expect([right(pending), right(processing), right(completed)].map(knownAfter)).toEqual([1, 2, 3])
    expect(knownAfter(right(failed))).toBe(3)
    expect(knownAfter(left(unavailable(503)))).toBe(3)
  })

  test('is decoded as it was encoded', () => {
    fc.assert(
      fc.property(fc.array(known, { minLength: 1, maxLength: 50 }), all => {
        expect(readKnown(writeKnown(all), all.length)).toEqual(all)
      }),
    )
  })

  test('is decoded as no progress if it is missing, invalid, or of another number of uploads', () => {
    for (const id of [null, '', '1', '123', '14', '1 ', '-1', '١١', 'NaN', '0x'])
      expect(readKnown(id, 2)).toEqual([0, 0])
  })
})

describe('the uploads in a query', () => {
  const identifier = fc.stringMatching(/^[A-Za-z0-9_-]{1,128}$/)
  const ref = fc.record({ account: identifier, upload: identifier }, { noNullPrototype: true })

  test('are decoded as they were encoded', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(ref, { minLength: 1, maxLength: maxUploads, selector: nameOf }),
        refs => {
          expect(readRefs(new URL(`http://relay/?${writeRefs(refs)}`).searchParams)).toEqual(refs)
        },
      ),
    )
  })

  test('are decoded without duplicates', () => {
    expect(readRefs(new URLSearchParams('ref=a/b&ref=a/b&ref=a/c&other=1'))).toEqual([
      { account: 'a', upload: 'b' },
      { account: 'a', upload: 'c' },
    ])
  })

  test('are rejected as a whole if one is invalid, or if there are none or too many', () => {
    const many = Array.from({ length: maxUploads + 1 }, (_, i) => `ref=a/${String(i)}`).join('&')
    for (const query of ['', 'ref=', 'ref=a', 'ref=a/', 'ref=/b', 'ref=a/b/c', 'ref=a/..', many])
      expect(readRefs(new URLSearchParams(query))).toBeNull()
    expect(readRefs(new URLSearchParams('ref=a/b&ref=a/%00'))).toBeNull()
  })

  test('do not keep the rest of the URL in memory', () => {
    const names = (): readonly unknown[] =>
      Array.from({ length: 40 }, (_, nth) => {
        const rest = 'x'.repeat(1_000_000)
        const url = `http://relay/live?rest=${rest}&ref=acct_1/ofapi_media_number_${String(nth)}`
        return readRefs(new URL(url).searchParams)
      })
    expect(heldBy(names)).toBeLessThan(10_000_000)
  })

  test('are always valid identifiers', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), names => {
        const query = new URLSearchParams(names.map(name => ['ref', name]))
        for (const { account, upload } of readRefs(query) ?? [])
          expect([account, upload].every(isIdentifier)).toBe(true)
      }),
    )
  })

  test('fit with ids of the usual length into the header limit of Node', () => {
    const usual = { account: 'acct_123456789012', upload: 'ofapi_media_1234567890' }
    expect(writeRefs(Array<typeof usual>(maxUploads).fill(usual)).length).toBeLessThan(longestRefs)
  })
})
