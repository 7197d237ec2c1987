import { describe, expect, test } from '@jest/globals'
import { expectTypeOf } from 'expect-type'
import fc from 'fast-check'
import * as t from 'io-ts'
import * as E from 'fp-ts/lib/Either.js'
import { fastPath, finite, nullable } from '../../src/failure/tolerant'

const numbers = fc.oneof(fc.integer(), fc.double({ noDefaultInfinity: true, noNaN: true }))

describe('finite', () => {
  test('accepts every finite number unchanged', () => {
    fc.assert(
      fc.property(numbers, number => {
        expect(finite.is(number)).toBe(true)
        expect(finite.decode(number)).toEqual(E.right(number))
        expect(finite.encode(number)).toBe(number)
      }),
    )
  })

  test.each([
    ['the parsed 1e999', JSON.parse('1e999')],
    ['the parsed -1e999', JSON.parse('-1e999')],
    ['NaN', NaN],
    ['a string of digits', '1'],
    ['an empty string', ''],
    ['a bigint', 1n],
    ['a Number object', Object(1)],
    ['null', null],
    ['undefined', undefined],
    ['an array of one', [1]],
    ['true', true],
  ])('refuses %s', (_, value: unknown) => {
    expect(finite.is(value)).toBe(false)
    expect(E.isLeft(finite.decode(value))).toBe(true)
  })

  test('has a descriptive name', () => {
    expect(finite.name).toBe('a finite number')
  })
})

describe('nullable', () => {
  const text = nullable(t.string)

  test.each([[null], [undefined]])('accepts %s unchanged with every codec', value => {
    for (const codec of [text, nullable(finite), nullable(t.never)]) {
      expect(codec.is(value)).toBe(true)
      expect(codec.decode(value)).toEqual(E.right(value))
      expect(codec.encode(value)).toBe(value)
    }
  })

  test('otherwise accepts what the codec accepts, with the same result', () => {
    fc.assert(
      fc.property(fc.anything(), value => {
        fc.pre(value !== null && value !== undefined)
        for (const codec of [t.string, finite, t.readonlyArray(t.unknown)] as t.Type<unknown>[]) {
          expect(nullable(codec).is(value)).toBe(codec.is(value))
          const expected = codec.decode(value)
          const actual = nullable(codec).decode(value)
          expect(E.isRight(actual)).toBe(E.isRight(expected))
          if (E.isRight(actual)) expect(actual).toEqual(expected)
        }
      }),
    )
  })

  test('reports errors with the paths and names of the codec', () => {
    const codec = nullable(t.type({ size: finite }))
    expect(codec.name).toBe('{ size: a finite number }')
    const decoded = codec.decode({ size: '1' })
    const places = E.isLeft(decoded)
      ? decoded.left.map(({ context }) => context.map(({ key, type }) => [key, type.name]))
      : []
    expect(places).toEqual([
      [
        ['', '{ size: a finite number }'],
        ['size', 'a finite number'],
      ],
    ])
  })

  test('has the type of the codec, null or undefined', () => {
    expectTypeOf(text).toEqualTypeOf<t.Type<string | null | undefined>>()
  })
})

describe('fastPath', () => {
  const codec = t.type({ size: nullable(finite), names: t.readonlyArray(t.string) })
  const member = fc.oneof(fc.anything(), numbers, fc.array(fc.oneof(fc.string(), numbers)))
  const values = fc.oneof(fc.anything(), fc.record({ size: member, names: member }))

  test('accepts what the codec accepts and reports the same errors', () => {
    fc.assert(
      fc.property(values, value => {
        const quick = fastPath(codec)
        const places = (decoded: t.Validation<unknown>): unknown =>
          E.isRight(decoded)
            ? decoded
            : decoded.left.map(({ context }) => context.map(({ key, actual }) => [key, actual]))
        expect(quick.is(value)).toBe(codec.is(value))
        expect(places(quick.decode(value))).toEqual(places(codec.decode(value)))
      }),
    )
  })

  test('returns the same value and keeps the name', () => {
    const value = { size: 1, names: ['a'], more: true }
    const decoded = fastPath(codec).decode(value)
    expect(E.isRight(decoded) && decoded.right).toBe(value)
    expect(fastPath(codec).encode(value)).toBe(value)
    expect(fastPath(codec).name).toBe(codec.name)
  })

  test('runs the full validation only for an invalid value', () => {
    let validations = 0
    const watched = new t.Type<unknown>(
      'watched',
      (u): u is unknown => u === 1,
      (u, context) => {
        validations += 1
        return codec.validate(u, context)
      },
      t.identity,
    )
    expect(E.isRight(fastPath(watched).decode(1))).toBe(true)
    expect(validations).toBe(0)
    expect(E.isLeft(fastPath(watched).decode(2))).toBe(true)
    expect(validations).toBe(1)
  })
})
