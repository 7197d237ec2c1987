import { createServer } from 'node:http'
import { notify as notifyObserver } from '../runtime/notify'
import { checkOptions } from './checkOptions'
import { listen } from './http/listen'
import {
  createJournal,
  type SandboxCounts,
  type SandboxEvent,
  type SandboxRequest,
} from './journal'
import { requestListener } from './requestListener'
import type { SandboxOptions } from './sandboxOptions'
import { createState } from './sandboxState'
import type { Scenario } from './scenario/scenario'
import { scriptUpload, type ScriptedUpload } from './scriptUpload'
import { seededHex } from './seededRandom'
import type { SandboxDelivery } from './webhooks/delivery'
import { createWebhooks } from './webhooks/webhooks'

/** A running sandbox. */
export interface Sandbox {
  /** The origin, without a slash at the end: use it as `baseUrl`. */
  readonly url: string
  /** The bearer key that every request must send. */
  readonly apiKey: string
  /** The accounts that exist, in the order of the option. */
  readonly accounts: readonly string[]
  /** Warnings about the options, for example that other machines can reach the sandbox. */
  readonly warnings: readonly string[]
  /**
   * Creates an upload whose polls are answered by a scenario. A poll that the rate limit refuses does
   * not use up an answer.
   *
   * Throws an error if the account is unknown, the scenario is wrong, the upload's id is taken, or
   * the sandbox is full of unfinished uploads.
   *
   * @param upload the id of the upload; drawn from the seed by default
   *
   * @example
   * const { upload } = sandbox.script('acct_1', [processing(), html(502), completed()])
   */
  readonly script: (account: string, scenario: Scenario, upload?: string) => ScriptedUpload
  /** Returns the latest 1,000 requests, oldest first. */
  readonly requests: () => readonly SandboxRequest[]
  /** Returns the latest 1,000 attempts to deliver an event to a webhook, oldest first. */
  readonly deliveries: () => readonly SandboxDelivery[]
  /** Returns counts since the start. */
  readonly counts: () => SandboxCounts
  /** Closes every connection immediately. Resolves when the port is free. */
  readonly close: () => Promise<void>
}

/**
 * Starts a local server that imitates the API: on both platforms the two ways to start an upload and
 * the upload status; keys, rate limit, credits, errors and, by scenarios, faults.
 *
 * ```
 * POST .../media/vault | upload   async: 202, polling_url     else: 200, the finished media
 * GET .../status                  pending -- processing -- completed | failed
 *                                 0          500 ms        + 2,000 ms, each ± 20 %
 * ```
 *
 * - An upload fails if the name of its file contains `fail`, in any case. `failureRate` sets the
 *   share of the others that fail. Without `async`, the answer to such a POST is a 422.
 * - An upload whose file name is in `scenarios` follows that scenario. `script` creates a scripted
 *   upload without a POST.
 * - Nothing is downloaded or stored: a `file_url` is not requested, a file is only measured.
 * - Rejects with a TypeError or RangeError that names the wrong option, or with an Error that names
 *   the port if it cannot be used.
 *
 * The rules are those of the vendor's OpenAPI description and guides; docs/sandbox.md lists what is
 * imitated and what is not.
 *
 * @example
 * const sandbox = await startSandbox({ durations: { pending: 100, processing: 400 } })
 * const { account, upload } = sandbox.script('acct_1', [processing(), html(502), completed()])
 * uploadStatus$(account, upload, { baseUrl: sandbox.url, apiKey: sandbox.apiKey }).subscribe({
 *   complete: () => void sandbox.close(),
 * })
 */
export const startSandbox = async (options: SandboxOptions = {}): Promise<Sandbox> => {
  const settings = checkOptions(options)
  const server = createServer()
  const address = await listen(server, settings.host, settings.port)
  const journal = createJournal()
  const notify = (event: SandboxEvent): void => {
    journal.record(event)
    notifyObserver(settings.on, event)
  }
  const hex = (label: string): string => seededHex(settings.seed, label)
  const { clock } = settings
  const webhooks = createWebhooks(settings.webhooks, { clock, hex, on: notify })
  const state = createState(settings, settings.origin ?? address.origin, { hex, webhooks })
  // No request is lost before this line: the server reads connections after this event loop turn.
  server.on('request', requestListener(state, webhooks, notify))
  server.on('error', ({ message }) => {
    notify({ kind: 'warning', message: `the server reports: ${message}` })
  })
  const warnings = address.loopback ? [] : [reachable(settings.host)]
  for (const message of warnings) notify({ kind: 'warning', message })
  let closing: Promise<void> | null = null
  return {
    url: state.origin,
    apiKey: settings.apiKey,
    accounts: [...settings.accounts],
    warnings,
    script: (account, scenario, upload) => scriptUpload(state, account, scenario, upload),
    requests: journal.latest,
    deliveries: journal.deliveries,
    counts: () => ({ ...journal.counts(), uploads: state.uploads.size() }),
    close: () =>
      (closing ??= new Promise<void>(resolve => {
        webhooks.close()
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      })),
  }
}

const reachable = (host: string): string =>
  `the sandbox listens on ${host}: other machines can reach it, and its key is no secret`
