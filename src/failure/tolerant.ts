import * as t from 'io-ts'

/** A finite number: `t.number` also accepts `NaN`, and the `Infinity` that `1e999` becomes. */
export const finite: t.Type<number> = new t.Type(
  'a finite number',
  (u): u is number => Number.isFinite(u),
  (u, context) => (finite.is(u) ? t.success(u) : t.failure(u, context)),
  t.identity,
)

/**
 * An id that is a number. JSON parsing rounds numbers beyond 2^53 - 1, which would make it another
 * id.
 */
export const wholeNumber: t.Type<number> = new t.Type(
  'a whole number from 0 to 2^53 - 1',
  (u): u is number => Number.isSafeInteger(u) && Number(u) >= 0,
  (u, context) => (wholeNumber.is(u) ? t.success(u) : t.failure(u, context)),
  t.identity,
)

/** A member that older versions did not write: decoding puts the default in its place. */
export const orElse = <A>(codec: t.Type<A>, absent: A): t.Type<A> =>
  new t.Type(
    codec.name,
    codec.is,
    (u, context) => (u === undefined ? t.success(absent) : codec.validate(u, context)),
    codec.encode,
  )

/**
 * The value, `null`, or absent: a member that the contract does not require may be any of the
 * three.
 */
export const nullable = <A>(codec: t.Type<A>): t.Type<A | null | undefined> =>
  new t.Type(
    codec.name,
    (u): u is A | null | undefined => u === null || u === undefined || codec.is(u),
    (u, context) => (u === null || u === undefined ? t.success(u) : codec.validate(u, context)),
    t.identity,
  )

/**
 * The same codec, which first checks with `is`: for a valid value that takes half of the time or
 * less. For codecs that change nothing.
 */
export const faultless = <A>(codec: t.Type<A>): t.Type<A> =>
  new t.Type(
    codec.name,
    codec.is,
    (u, context) => (codec.is(u) ? t.success(u) : codec.validate(u, context)),
    t.identity,
  )
