import type { WatchOptions } from 'rx-upload-status'
import { pageFetch } from './pageFetch'
import {
  checkOptions,
  createState,
  noPushes,
  requestAnswerer,
  sandboxApiKey,
  scriptUpload,
  type Scenario,
} from './sandboxParts'

const baseUrl = 'https://sandbox.example'

const fnv = (text: string): number => {
  let hash = 0x811c9dc5
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193)
  return hash >>> 0
}

/** 64 hex digits that depend on the label alone. Nothing here is a secret. */
const hex = (label: string): string =>
  Array.from({ length: 8 }, (_, nth) =>
    fnv(`${String(nth)}/${label}`)
      .toString(16)
      .padStart(8, '0'),
  ).join('')

/** A sandbox in a page: one upload that follows a scenario, and the options that reach it. */
export interface PageSandbox {
  readonly account: string
  readonly upload: string
  readonly options: Pick<WatchOptions, 'apiKey' | 'baseUrl' | 'fetch'>
}

/** Creates a sandbox without a server. It serves the polls of one upload, and nothing else. */
export const pageSandbox = (scenario: Scenario): PageSandbox => {
  const state = createState(checkOptions({}), baseUrl, { hex, webhooks: noPushes })
  const { account, upload } = scriptUpload(state, 'acct_1', scenario)
  const answer = requestAnswerer(
    state,
    () => undefined,
    () => Promise.resolve(null),
  )
  return { account, upload, options: { baseUrl, apiKey: sandboxApiKey, fetch: pageFetch(answer) } }
}
