import { createServer } from 'node:http'
import { answerer } from './answerRequest'
import { boundedJournal, type SandboxEvent } from './journal'
import { listen } from './listen'
import { requestListener } from './listener'
import type { SandboxOptions } from './options'
import type { Sandbox } from './sandbox'
import { scriptUpload } from './scriptUpload'
import { settingsOf } from './settings'
import { stageOf } from './stage'

const rememberedRequests = 1_000

/**
 * Starts a server on this machine that imitates the API: both ways to start an upload, its status,
 * keys, rate limit and errors, with trouble on request.
 *
 * ```
 * POST .../media/vault | upload   async: 202, polling_url     else: 200, the finished media
 * GET .../status                  pending -- processing -- completed | failed
 *                                 0          500 ms        + 2,000 ms, each ± 20 %
 * ```
 *
 * - A file (or the last path segment of a `file_url`) with `fail` in its name, in any case, ends
 *   as failed; `failureRate` fails a share of the others. Without `async` that is a 422.
 * - A file named in `scenarios` follows a script; `script` makes an upload without a POST.
 * - Nothing is downloaded or kept: a `file_url` is never visited, a file is counted and dropped.
 * - Rejects with a RangeError or TypeError that names the option, or with an Error that names the
 *   port where it cannot be had.
 *
 * The rules are those of the vendor's OpenAPI description and guides; the sandbox's own are its
 * durations, its 503 when full, and hosts ending in `.example` in media.
 *
 * @example
 * const sandbox = await startSandbox({ durations: { pending: 100, processing: 400 } })
 * const { account, upload } = sandbox.script('acct_1', [processing(), html(502), completed()])
 * uploadStatus$(account, upload, { baseUrl: sandbox.url, apiKey: sandbox.apiKey }).subscribe({
 *   complete: () => void sandbox.close(),
 * })
 */
export const startSandbox = async (options: SandboxOptions = {}): Promise<Sandbox> => {
  const settings = settingsOf(options)
  const server = createServer()
  const address = await listen(server, settings.host, settings.port)
  const stage = stageOf(settings, settings.origin ?? address.origin)
  const journal = boundedJournal(rememberedRequests)
  const tell = (event: SandboxEvent): void => {
    if (event.kind === 'request') journal.write(event)
    try {
      settings.on(event)
    } catch {
      // An observer must not change what it observes.
    }
  }
  // No request is lost: connections are read after this turn of the event loop, not before.
  server.on('request', requestListener(answerer(stage), settings.clock, tell))
  server.on('error', ({ message }) => {
    tell({ kind: 'warning', message: `the server reports: ${message}` })
  })
  const warnings = address.loopback ? [] : [exposed(settings.host)]
  for (const message of warnings) tell({ kind: 'warning', message })
  let closing: Promise<void> | null = null
  return {
    url: stage.origin,
    apiKey: settings.apiKey,
    accounts: [...settings.accounts],
    warnings,
    script: (account, scenario, upload) => scriptUpload(stage, account, scenario, upload),
    requests: journal.latest,
    counts: () => ({ ...journal.counts(), uploads: stage.uploads.size() }),
    close: () =>
      (closing ??= new Promise<void>(resolve => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      })),
  }
}

const exposed = (host: string): string =>
  `the sandbox listens on ${host}: other machines can reach it, and its key is no secret`
