import {
  apiError,
  completed,
  cut,
  delayed,
  failed,
  html,
  json,
  pending,
  processing,
  times,
  type Scenario,
} from 'rx-upload-status/sandbox'
import type { Trouble } from './page/offers'

/** What the sandbox answers to the polls of an upload whose file has this name. */
export const troubles: Readonly<Record<Trouble, Scenario>> = {
  'slow-answers.mp4': [
    delayed(2_500, pending()),
    times(3, delayed(2_500, processing())),
    delayed(2_500, completed()),
  ],
  'bad-gateway.mp4': [
    pending(),
    processing(),
    times(3, html(502)),
    times(3, processing()),
    completed(),
  ],
  'too-many-requests.mp3': [
    pending(),
    processing(),
    apiError(429, 'Too many requests.', { headers: { 'retry-after': '4' } }),
    times(3, processing()),
    completed(),
  ],
  'cut-short.gif': [
    pending(),
    times(2, cut(processing(), { by: 'reset' })),
    times(4, processing()),
    completed(),
  ],
  'backwards.jpg': [
    pending(),
    times(2, processing()),
    times(3, pending()),
    processing(),
    completed(),
  ],
  'given-up.mov': [
    pending(),
    times(4, processing()),
    failed('The video has no picture: its only track is sound.'),
  ],
  'not-permitted.jpg': [
    pending(),
    times(2, processing()),
    apiError(403, 'The key has no access to this account.', { code: 'forbidden' }),
  ],
  'wrong-key.gif': [
    pending(),
    times(2, processing()),
    apiError(401, 'Unauthenticated.'),
    times(2, processing()),
    completed(),
  ],
  'new-status.png': [
    pending(),
    times(2, processing()),
    json(200, { status: 'archived', prefixed_id: 'ofapi_media_1' }),
  ],
}
