import { isRecord } from '../../pipeline/json'

/** The message of something that was thrown. */
export const messageOf = (thrown: unknown): string =>
  isRecord(thrown) && typeof thrown['message'] === 'string' ? thrown['message'] : String(thrown)

/** The code of something that Node threw, like `ENOENT`; empty where it has none. */
export const codeOf = (thrown: unknown): string =>
  isRecord(thrown) && typeof thrown['code'] === 'string' ? thrown['code'] : ''
