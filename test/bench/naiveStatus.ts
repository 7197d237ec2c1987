import * as t from 'io-ts'

/**
 * The statuses as one writes them with only io-ts: a union of five. Two of them are `completed`, so io-ts
 * cannot choose by `status`.
 */
const orNull = <A>(codec: t.Type<A>) => t.union([codec, t.null])

const file = t.partial({
  url: orNull(t.string),
  width: orNull(t.number),
  height: orNull(t.number),
  size: orNull(t.number),
  sources: orNull(t.array(t.unknown)),
})

const preview = orNull(t.union([t.string, file]))

const vaultMedia = t.intersection([
  t.type({ id: t.number }),
  t.partial({
    type: orNull(t.string),
    isReady: orNull(t.boolean),
    hasError: orNull(t.boolean),
    canView: orNull(t.boolean),
    convertedToVideo: orNull(t.boolean),
    hasCustomPreview: orNull(t.boolean),
    createdAt: orNull(t.string),
    duration: orNull(t.number),
    files: orNull(
      t.partial({ full: orNull(file), thumb: preview, preview, squarePreview: preview }),
    ),
    releaseForms: orNull(t.array(t.unknown)),
  }),
])

const cdnMedia = t.intersection([
  t.type({ prefixed_id: t.string }),
  t.partial({
    file_name: orNull(t.string),
    processId: orNull(t.string),
    host: orNull(t.string),
    sourceUrl: orNull(t.string),
    extra: orNull(t.string),
    additional: orNull(t.UnknownRecord),
    thumbs: orNull(t.array(t.partial({ id: orNull(t.number), url: orNull(t.string) }))),
  }),
])

const completed = <A>(media: t.Type<A>) =>
  t.intersection([
    t.type({ status: t.literal('completed'), prefixed_id: t.string, media }),
    t.partial({ credits_used: orNull(t.number) }),
  ])

export const NaiveStatus = t.union([
  t.type({ status: t.literal('pending'), prefixed_id: t.string }),
  t.type({ status: t.literal('processing'), prefixed_id: t.string }),
  completed(vaultMedia),
  completed(cdnMedia),
  t.type({ status: t.literal('failed'), prefixed_id: t.string, error: t.string }),
])
