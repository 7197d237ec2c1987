/** The differences between the platforms, for laws that hold on both. */
export const onBothPlatforms = [
  {
    platform: 'onlyfans',
    account: 'acct_1',
    upload: 'ofapi_media_1',
    path: '/api/acct_1/media/uploads/ofapi_media_1/status',
    /** The id of a media in JSON. */
    identity: '9007199254740991',
    media: { id: 9007199254740991, type: 'photo', isReady: true },
  },
  {
    platform: 'fansly',
    account: 'fansly_acct_1',
    upload: 'fansly_media_1',
    path: '/api/fansly/fansly_acct_1/media/uploads/fansly_media_1/status',
    identity: '"9223372036854775807"',
    media: { id: '9223372036854775807', type: 1, status: 1 },
  },
] as const

/** The completed status of an upload, as the API of its platform returns it. */
export const completedOn = ({ upload, media }: (typeof onBothPlatforms)[number]) => ({
  status: 'completed' as const,
  prefixed_id: upload,
  media,
})
