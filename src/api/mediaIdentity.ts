import * as t from 'io-ts'
import { wholeNumber } from '../failure/tolerant'

/** Codec of a non-empty string. */
export const nonEmpty: t.Type<string> = new t.Type(
  'a non-empty string',
  (u): u is string => typeof u === 'string' && u !== '',
  (u, context) => (nonEmpty.is(u) ? t.success(u) : t.failure(u, context)),
  t.identity,
)

/**
 * Codec of a media id as the server sent it. Rejects numbers that JSON parsing has rounded, which would
 * be another id.
 */
export const mediaIdentity: t.Type<number | string> = new t.Type(
  `${wholeNumber.name}, or ${nonEmpty.name}`,
  (u): u is number | string => wholeNumber.is(u) || nonEmpty.is(u),
  (u, context) => (mediaIdentity.is(u) ? t.success(u) : t.failure(u, context)),
  t.identity,
)

/** Narrows a codec: a value must also satisfy the second one. */
export const narrower = <A>(codec: t.Type<A>, need: t.Mixed): t.Type<A> =>
  new t.Type(
    codec.name,
    (u): u is A => need.is(u) && codec.is(u),
    (u, context) => {
      const needed = need.validate(u, context)
      const value = codec.validate(u, context)
      return needed._tag === 'Right'
        ? value
        : t.failures(value._tag === 'Right' ? needed.left : needed.left.concat(value.left))
    },
    t.identity,
  )
