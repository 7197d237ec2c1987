import type { UploadStatus } from 'rx-upload-status'
import { pick, type Draw } from './draw'

type Json = Readonly<Record<string, unknown>>

const membersOf = (status: UploadStatus['status'], draw: Draw): Json => {
  switch (status) {
    case 'pending':
    case 'processing':
      return {}
    case 'failed':
      return { error: 'The file could not be downloaded.' }
    case 'completed':
      return {
        media: pick<Json>(draw, 'media', [
          { id: 1_234_567_890, type: 'photo', isReady: false },
          { prefixed_id: 'ofapi_media_cdn', thumbs: [] },
        ]),
        credits_used: 1,
      }
  }
}

/** A status as the API answers it. `serial` is the number of the request, which is not in the contract. */
export const statusBody = (
  upload: string,
  status: UploadStatus['status'],
  serial: number,
  draw: Draw,
): string => {
  const json: Json = { status, prefixed_id: upload, ...membersOf(status, draw), serial }
  const text = JSON.stringify(json)
  return pick(draw, 'text', [
    text,
    text,
    text,
    `\uFEFF${text}`,
    JSON.stringify(json, null, 2),
    JSON.stringify({ ...json, _meta: { unknown: ['member', null, 1.5] }, note: 'żółw 🐢' }),
    `{"status":"archived",${text.slice(1)}`,
    // Not for ends: clients cache them, and all cached ends should have the same size.
    status === 'completed' || status === 'failed'
      ? text
      : JSON.stringify({ ...json, padding: 'x'.repeat(Math.floor(40_000 * draw('padding'))) }),
  ])
}

/** The number of the request that a value answers; null if it did not come from our server. */
export const serialOf = (status: UploadStatus): number | null => {
  const serial: unknown = Reflect.get(status, 'serial')
  return typeof serial === 'number' ? serial : null
}
