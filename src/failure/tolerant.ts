import * as t from 'io-ts'

/** A finite number. `t.number` also accepts `NaN`, and the `Infinity` that JSON makes of `1e999`. */
export const finite: t.Type<number> = new t.Type(
  'a finite number',
  (u): u is number => Number.isFinite(u),
  (u, context) => (finite.is(u) ? t.success(u) : t.failure(u, context)),
  t.identity,
)

/**
 * A numeric id. JSON parsing rounds numbers beyond 2^53 - 1, which would turn one id into another.
 */
export const wholeNumber: t.Type<number> = new t.Type(
  'a whole number from 0 to 2^53 - 1',
  (u): u is number => Number.isSafeInteger(u) && Number(u) >= 0,
  (u, context) => (wholeNumber.is(u) ? t.success(u) : t.failure(u, context)),
  t.identity,
)

/** A member that older versions did not write. Decoding replaces an absent one with the default. */
export const orElse = <A>(codec: t.Type<A>, absent: A): t.Type<A> =>
  new t.Type(
    codec.name,
    codec.is,
    (u, context) => (u === undefined ? t.success(absent) : codec.validate(u, context)),
    codec.encode,
  )

/**
 * A member that the contract does not require: it may have a value, be `null`, or be absent.
 */
export const nullable = <A>(codec: t.Type<A>): t.Type<A | null | undefined> =>
  new t.Type(
    codec.name,
    (u): u is A | null | undefined => u === null || u === undefined || codec.is(u),
    (u, context) => (u === null || u === undefined ? t.success(u) : codec.validate(u, context)),
    t.identity,
  )

/**
 * The same codec, but it first checks with `is`, which takes at most half the time for a valid value.
 * Only for codecs that do not change the value.
 */
export const fastPath = <A>(codec: t.Type<A>): t.Type<A> =>
  new t.Type(
    codec.name,
    codec.is,
    (u, context) => (codec.is(u) ? t.success(u) : codec.validate(u, context)),
    t.identity,
  )
