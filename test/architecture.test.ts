import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from '@jest/globals'
import { build } from 'esbuild'
import ts from 'typescript'

/** The files of `src`, and what each imports: `api/event`, `rxjs`, `type fp-ts/Either`. */
type Graph = Readonly<Record<string, readonly string[]>>

interface Layer {
  /** The other layers that it may import. */
  readonly layers: readonly string[]
  /** What it may load from outside `src`. */
  readonly loads: readonly string[]
}

const coreLoads = ['rxjs', 'io-ts', '#platform']

/** The layers that the files beside `index` may import. */
const core = ['failure', 'api', 'runtime', 'http', 'budget', 'watch', 'watch/bulk', 'operators']

/** An import that is not listed is against the layers. `core` is the files beside `index`. */
const layers: Readonly<Record<string, Layer>> = {
  failure: { layers: [], loads: ['io-ts'] },
  api: { layers: ['failure'], loads: ['io-ts'] },
  runtime: { layers: [], loads: ['rxjs', '#platform'] },
  http: { layers: ['failure', 'api', 'runtime'], loads: ['rxjs', '#platform'] },
  budget: { layers: ['failure', 'api', 'runtime'], loads: ['rxjs', '#platform'] },
  watch: {
    layers: ['failure', 'api', 'runtime', 'http', 'budget'],
    loads: ['rxjs', 'io-ts'],
  },
  'watch/bulk': {
    layers: ['failure', 'api', 'runtime', 'http', 'watch'],
    loads: ['rxjs', '#platform'],
  },
  operators: { layers: ['failure', 'api', 'runtime', 'watch'], loads: ['rxjs'] },
  core: { layers: core, loads: coreLoads },
  index: { layers: [...core, 'core', 'view'], loads: [] },
  view: { layers: ['failure', 'api', 'watch', 'core'], loads: ['rxjs'] },
  platform: { layers: ['failure', 'api', 'runtime', 'http'], loads: ['rxjs', 'cross-fetch'] },
  'platform/nodeContext': { layers: ['runtime'], loads: ['node:*'] },
  'platform/nodeReader': { layers: ['api', 'http'], loads: ['node:*'] },
  'platform/nodeLookup': { layers: [], loads: ['node:*'] },
  'platform/nodeAgents': {
    layers: [
      'api',
      'runtime',
      'http',
      'platform/nodeIdleConnections',
      'platform/nodeLookup',
      'platform/nodeAnswers',
    ],
    loads: ['node:*'],
  },
  'platform/nodeIdleConnections': { layers: [], loads: ['node:*'] },
  'platform/nodeAnswers': { layers: ['api'], loads: ['node:*'] },
  'platform/nodeDecoding': { layers: ['http'], loads: ['node:*'] },
  'platform/nodeFetch': {
    layers: [
      'failure',
      'http',
      'runtime',
      'platform',
      'platform/nodeAgents',
      'platform/nodeDecoding',
    ],
    loads: ['cross-fetch', 'node:*'],
  },
  'platform/transport': { layers: ['http', 'platform', 'platform/nodeFetch'], loads: [] },
  'platform/node': {
    layers: [
      'http',
      'runtime',
      'platform',
      'platform/nodeContext',
      'platform/nodeReader',
      'platform/transport',
    ],
    loads: ['node:*'],
  },
  sandbox: {
    layers: [
      'failure',
      'api',
      'runtime',
      'sandbox/http',
      'sandbox/platform',
      'sandbox/scenario',
      'sandbox/webhooks',
    ],
    loads: ['node:*'],
  },
  'sandbox/webhooks': {
    layers: ['failure', 'api', 'sandbox/http', 'sandbox/platform'],
    loads: ['node:*'],
  },
  // Busboy is no dependency of the package: the build inlines it.
  'sandbox/http': {
    layers: ['sandbox/platform', 'sandbox/scenario'],
    loads: ['node:*', '@fastify/busboy'],
  },
  'sandbox/platform': { layers: ['api', 'sandbox/scenario'], loads: [] },
  'sandbox/scenario': { layers: ['failure'], loads: [] },
  listener: { layers: ['failure'], loads: [] },
  relay: {
    layers: ['failure', 'api', 'runtime', 'core', 'listener', 'relay/protocol'],
    loads: ['rxjs'],
  },
  'relay/protocol': { layers: ['failure', 'api'], loads: [] },
  // A page loads it, so it imports nothing of the relay itself.
  'relay/client': { layers: [...core, 'core', 'relay/protocol'], loads: coreLoads },
  // Only Node has BullMQ.
  bullmq: {
    layers: [...core, 'core', 'webhook'],
    loads: ['rxjs', 'io-ts', 'bullmq', 'ioredis', 'node:*'],
  },
  // Only the event types of budgets, relays and webhooks.
  opentelemetry: {
    layers: ['failure', 'api', 'budget', 'watch', 'relay', 'webhook', 'platform'],
    loads: ['@opentelemetry/api'],
  },
  react: { layers: ['api', 'core', 'view'], loads: ['react'] },
  testing: { layers: ['failure', 'api', 'core'], loads: ['rxjs'] },
  vue: { layers: ['api', 'core', 'view'], loads: ['vue'] },
  webhook: {
    layers: ['failure', 'api', 'runtime', 'watch', 'watch/bulk', 'listener'],
    loads: ['rxjs'],
  },
  cli: {
    layers: ['cli/commands', 'cli/display'],
    loads: ['fp-ts/lib/*', 'node:*', 'rxjs', '../package.json'],
  },
  'cli/commands': {
    layers: [
      ...core,
      'core',
      'bullmq',
      'sandbox',
      'sandbox/http',
      'cli/display',
      'platform/nodeIdleConnections',
    ],
    loads: [
      'cross-fetch',
      'fastest-levenshtein',
      'fp-ts/lib/*',
      'http-proxy-agent',
      'https-proxy-agent',
      'io-ts',
      'ioredis',
      'node:*',
      'rxjs',
      '../package.json',
    ],
  },
  'cli/display': {
    layers: ['failure', 'api', 'runtime', 'operators', 'watch'],
    loads: ['fp-ts/lib/*', 'node:*', 'rxjs', 'string-width', '../package.json'],
  },
}

/** The layer of a file: its own, that of its folder, or `core`. */
const layerOf = (file: string): string =>
  [file, dirname(file)].find(name => name in layers) ?? (file.includes('/') ? file : 'core')

const fileOf = (asked: string): string => asked.replace(/^type /, '')

const isAmong =
  (patterns: readonly string[]) =>
  (name: string): boolean =>
    patterns.some(pattern =>
      pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
    )

/** Every import, as `[file, imported]`. */
const arrows = (graph: Graph): readonly (readonly [string, string])[] =>
  Object.entries(graph).flatMap(([file, all]) => all.map(asked => [file, asked] as const))

const backward = (graph: Graph): readonly string[] =>
  arrows(graph)
    .filter(([, asked]) => fileOf(asked) in graph)
    .filter(([file, asked]) => {
      const [layer, other] = [layerOf(file), layerOf(fileOf(asked))]
      return other !== layer && layers[layer]?.layers.includes(other) !== true
    })
    .map(arrow => arrow.join(' -> '))

/**
 * A type import may name fp-ts, which cannot be loaded by that name, but no `#` name, because users of
 * our declarations cannot resolve it.
 */
const isAllowed = (loads: readonly string[], asked: string): boolean =>
  isAmong(['type fp-ts/*'])(asked) ||
  (!isAmong(['type #*'])(asked) && isAmong(loads)(fileOf(asked)))

const outside = (graph: Graph): readonly string[] =>
  arrows(graph)
    .filter(([, asked]) => !(fileOf(asked) in graph))
    .filter(([file, asked]) => !isAllowed(layers[layerOf(file)]?.loads ?? [], asked))
    .map(arrow => arrow.join(' -> '))

/** `#platform` is any of the platforms. */
const cycles = (graph: Graph): readonly string[] => {
  const platforms = Object.keys(graph).filter(file => file.startsWith('platform/'))
  const seen = new Set<string>()
  const follow = (file: string, path: readonly string[]): readonly string[] => {
    if (path.includes(file)) return [[...path.slice(path.indexOf(file)), file].join(' -> ')]
    if (seen.has(file)) return []
    seen.add(file)
    return (graph[file] ?? [])
      .flatMap(asked => (asked === '#platform' ? platforms : [fileOf(asked)]))
      .flatMap(next => follow(next, [...path, file]))
  }
  return Object.keys(graph).flatMap(file => follow(file, []))
}

const parse = (text: string): ts.SourceFile =>
  ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest)

const specifiersOf = (text: string): readonly string[] => {
  const found: string[] = []
  const add = (specifier: ts.Node | undefined, isType: boolean): void => {
    if (specifier !== undefined && ts.isStringLiteralLike(specifier))
      found.push(isType ? `type ${specifier.text}` : specifier.text)
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node))
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword)
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly)
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, true)
    else if (ts.isCallExpression(node) && /^(import|require)$/.test(node.expression.getText(file)))
      add(node.arguments[0], false)
    ts.forEachChild(node, visit)
  }
  const file = parse(text)
  visit(file)
  return found
}

/** The graph of sources by file name, without extension. */
const graphOf = (sources: Readonly<Record<string, string>>): Graph => {
  const locate = (from: string, specifier: string): string => {
    if (!specifier.startsWith('.')) return specifier
    const file = join(dirname(from), specifier)
    return `${file}/index` in sources ? `${file}/index` : file
  }
  return Object.fromEntries(
    Object.entries(sources).map(([from, text]) => [
      from,
      specifiersOf(text).map(found =>
        found.startsWith('type ') ? `type ${locate(from, found.slice(5))}` : locate(from, found),
      ),
    ]),
  )
}

const sources = Object.fromEntries(
  readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => [
      name.replace(/\.ts$/, '').replaceAll('\\', '/'),
      readFileSync(`src/${name}`, 'utf8'),
    ]),
)

const source = graphOf(sources)

describe('the imports between the files of src', () => {
  test('are read from every kind of import', () => {
    expect(
      graphOf({
        'a/one': `
          import { two } from './two'
          import type { Two } from './two'
          import '../a'
          export * from 'rxjs'
          export type { Either } from 'fp-ts/Either'
          const three: typeof import('three') = await import('node:fs')
          const four = require('four')
        `,
        'a/two': '',
        'a/index': '',
      }),
    ).toEqual({
      'a/one': [
        'a/two',
        'type a/two',
        'a/index',
        'rxjs',
        'type fp-ts/Either',
        'type three',
        'node:fs',
        'four',
      ],
      'a/two': [],
      'a/index': [],
    })
  })

  test('follow the layers', () => {
    expect(backward(source)).toEqual([])
  })

  test.each<[string, Graph]>([
    ['watch/push -> client', { 'watch/push': ['client'], client: [] }],
    ['api/event -> type options', { 'api/event': ['type options'], options: [] }],
    ['sandbox/media -> http/body', { 'sandbox/media': ['http/body'], 'http/body': [] }],
    ['client -> platform/node', { client: ['platform/node'], 'platform/node': [] }],
    ['index -> cli/main', { index: ['cli/main'], 'cli/main': [] }],
    ['new/one -> api/event', { 'new/one': ['api/event'], 'api/event': [] }],
  ])('against the layers are found: %s', (arrow, graph) => {
    expect(backward(graph)).toEqual([arrow])
  })

  test('form no cycle', () => {
    expect(cycles(source)).toEqual([])
  })

  test.each<[string, Graph]>([
    ['api/a -> api/b -> api/a', { 'api/a': ['api/b'], 'api/b': ['type api/a'] }],
    ['http/a -> platform/node -> http/a', { 'http/a': ['#platform'], 'platform/node': ['http/a'] }],
  ])('in a cycle are found: %s', (cycle, graph) => {
    expect(cycles(graph)).toEqual([cycle])
  })

  test('leave src only as their layer may', () => {
    expect(outside(source)).toEqual([])
  })

  test.each<[string, Graph]>([
    ['api/event -> rxjs', { 'api/event': ['rxjs'] }],
    ['budget/window -> cross-fetch', { 'budget/window': ['cross-fetch'] }],
    ['http/body -> type node:stream', { 'http/body': ['type node:stream'] }],
    ['client -> fp-ts/Either', { client: ['fp-ts/Either'] }],
    ['client -> type #fp/Either', { client: ['type #fp/Either'] }],
    ['platform/browser -> node:http', { 'platform/browser': ['node:http'] }],
    ['client -> missing', { client: ['missing'] }],
  ])('that leave src against their layer are found: %s', (arrow, graph) => {
    expect(outside(graph)).toEqual([arrow])
  })
})

/**
 * Spellings of the vendor's API. The sandbox imitates the API, and the help of the program has examples,
 * so both may contain them. Comments may contain anything.
 */
const vendorWords =
  /\/api\/|x-rate-?limit|x-ofapi|_meta\b|credits_used|ofapi_media|fansly_(media|acct)|acct_|media_uploads\.|onlyfansapi\.com|idempotency-key|redelivery-of|\bevt_|account_id/i

const spelledIn = (text: string): readonly string[] => {
  const found: string[] = []
  const file = parse(text)
  const visit = (node: ts.Node): void => {
    const spelled =
      ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node) || ts.isIdentifier(node)
        ? node.text
        : ts.isRegularExpressionLiteral(node)
          ? node.text.replaceAll('\\', '')
          : ''
    const isImport = ts.isStringLiteral(node) && /^\.{1,2}\//.test(node.text)
    const [word] = vendorWords.exec(spelled) ?? []
    if (word !== undefined && !isImport) found.push(word)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

describe("the vendor's spellings", () => {
  const knowTheVendor = /^(api\/|sandbox\/|cli\/help$)/

  test('occur only in src/api, in the sandbox and in the help', () => {
    const elsewhere = Object.entries(sources).filter(([file]) => !knowTheVendor.test(file))
    expect(elsewhere.flatMap(([file, text]) => spelledIn(text).map(word => [file, word]))).toEqual(
      [],
    )
  })

  test('occur in src/api', () => {
    const words = Object.entries(sources)
      .filter(([file]) => file.startsWith('api/'))
      .flatMap(([, text]) => spelledIn(text))
    expect(new Set(words)).toEqual(
      new Set([
        '/api/',
        'onlyfansapi.com',
        'acct_',
        'ofapi_media',
        'fansly_acct',
        'fansly_media',
        'credits_used',
        '_meta',
        'x-rate-limit',
        'x-ratelimit',
        'account_id',
        'evt_',
        'media_uploads.',
        'x-ofapi',
      ]),
    )
  })

  test.each([
    "const path = '/api/' + account",
    'const path = `${base}/api/${account}`',
    'const path = /\\/api\\/(.*)/',
    "header('X-Rate-Limit-Limit-Minute')",
    'const { credits_used } = answer',
    'answer._meta',
    "headers.get('X-OFAPI-Idempotency-Key')",
    "event === 'media_uploads.completed'",
    "payload['account_id']",
  ])('are found in: %s', text => {
    expect(spelledIn(text)).toHaveLength(1)
  })

  test('may occur in a comment and in the path of an import', () => {
    expect(spelledIn("// acct_1\nimport { one } from '../api/one'")).toEqual([])
  })
})

/**
 * Loads a module and its imports in a context with only the globals of the language: no Node, no browser.
 * Returns the number of its exports. All count as used, or the bundler would drop what is loaded.
 */
const loadBare = async (contents: string): Promise<unknown> => {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: process.cwd() },
    alias: { '#platform': './src/platform/browser.ts' },
    bundle: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    format: 'iife',
    globalName: 'loaded',
    logLevel: 'silent',
    mainFields: ['module', 'main'],
    platform: 'neutral',
    tsconfigRaw: {},
    write: false,
  })
  const code = outputFiles.map(({ text }) => text).join('')
  return runInNewContext(`${code}; Object.keys(loaded).length`)
}

/** The entries that only Node can load. */
const nodeEntries = ['bullmq/index', 'sandbox/index']

describe('an entry', () => {
  const entries = Object.keys(sources).filter(
    file => /(^|\/)index$/.test(file) && !nodeEntries.includes(file),
  )

  test.each(entries)('loads with only the globals of the language: %s', async entry => {
    expect(await loadBare(`export * from './src/${entry}'`)).toBeGreaterThan(0)
  })

  test('the parts of the sandbox that run in a page load with only these globals, too', async () => {
    expect(await loadBare("export * from './docs/playground/sandboxParts'")).toBeGreaterThan(0)
  })

  test.each([
    "export { readFile } from 'node:fs'",
    'export const one = new TextDecoder()',
    'export const one = setTimeout(() => {})',
    'export const one = navigator.onLine',
    'export const one = process.env',
  ])('that needs more is rejected: %s', async contents => {
    await expect(loadBare(contents)).rejects.toThrow()
  })
})

const publicNames = (text: string): string =>
  parse(text)
    .statements.filter(ts.isExportDeclaration)
    .flatMap(({ exportClause, isTypeOnly }) =>
      exportClause !== undefined && ts.isNamedExports(exportClause)
        ? exportClause.elements.map(
            ({ name, isTypeOnly: isType }) => `${isTypeOnly || isType ? 'type ' : ''}${name.text}`,
          )
        : ['*'],
    )
    .sort()
    .join('\n')

describe('the public names', () => {
  test('of the core', () => {
    expect(publicNames(sources['index'] ?? '')).toMatchInlineSnapshot(`
     "CdnMedia
     CompletedUpload
     FailedUpload
     Failure
     FanslyMedia
     FanslyUploadStatus
     PendingUpload
     ProcessingUpload
     TerminalStatus
     UploadStatus
     UploadStatusError
     VaultMedia
     cancelled
     createUploadStatusClient
     describe
     describeFailure
     expired
     exponential
     failureToError
     failures
     fetchStatus$
     invalidRequest
     isCdnMedia
     isFanslyMedia
     isIdentifier
     isTerminal
     isTransient
     isVaultMedia
     jittered
     malformed
     match
     matchFailure
     matchStatus
     mediaId
     orThrow
     outcome
     outcomes
     parsePollingUrl
     parseStarted
     proportional
     rejected
     repeatOnSchedule
     requestBudget
     retryTransient
     spaced
     statuses
     summarize
     throttled
     timedOut
     type Accepted
     type Answer
     type AnyStatus
     type ApiKey
     type AttemptFailed
     type AttemptOptions
     type AttemptStarted
     type BudgetEvent
     type BudgetLoad
     type BudgetOptions
     type Cancelled
     type Circumstances
     type ClientOptions
     type ClientSnapshot
     type Clock
     type CompletedFanslyUpload
     type CreditsReported
     type ExpectedFanslyUpload
     type ExpectedUpload
     type Expired
     type FailureCases
     type FanslyId
     type FanslyRef
     type Fetch
     type FetchInit
     type FetchResponse
     type Finished
     type FollowOptions
     type Happening
     type InvalidRequest
     type Malformed
     type MediaFile
     type MediaPreview
     type Paused
     type PlatformName
     type PollScheduled
     type PolledUpload
     type Progress
     type PushIgnored
     type PushSource
     type PushedStatus
     type Rejected
     type RemovedUpload
     type RequestBudget
     type RequestHeaders
     type Resumed
     type RetryPolicy
     type RetryScheduled
     type Schedule
     type Settled
     type SourceFailed
     type StageOptions
     type Stalled
     type StatusCases
     type StatusReceived
     type StatusRegressed
     type StatusUnknown
     type StatusView
     type StatusWord
     type Stopped
     type Summary
     type TerminalIn
     type TerminalOf
     type Throttled
     type TimedOut
     type TrackedOutcome
     type TrackedStatus
     type TrackedView
     type Unavailable
     type UnknownView
     type Unreachable
     type UploadEntry
     type UploadRef
     type UploadStatusClient
     type UploadStatusOf
     type UploadStatusSource
     type UploadView
     type UploadViews
     type ViewActivity
     type WaitingView
     type WallClock
     type WatchEvent
     type WatchManyOptions
     type WatchOptions
     unavailable
     unreachable
     untilTerminal
     uploadOutcome
     uploadOutcomes
     uploadStatus$
     uploadStatuses$
     uploadView
     uploadView$
     uploadViews
     uploadViews$
     viewIn
     waitingView"
    `)
  })

  test('of the relay', () => {
    expect(publicNames(sources['relay/index'] ?? '')).toMatchInlineSnapshot(`
     "createStatusRelay
     nodeListener
     selectIdentity
     type Authorize
     type NodeBody
     type NodeConnection
     type NodeListener
     type NodeRequest
     type NodeResponse
     type RelayDefect
     type RelayEvent
     type RelayOptions
     type Select
     type StatusRelay
     type StreamClosed
     type StreamOpened
     type StreamRefused
     type Upstream
     type Verdict"
    `)
  })

  test("of the relay's client", () => {
    expect(publicNames(sources['relay/client/index'] ?? '')).toMatchInlineSnapshot(`
     "relayedSource
     relayedUploadStatus$
     relayedUploadStatuses$
     sharedTabs
     type RelayedOptions
     type Tabs"
    `)
  })

  test('of the queue', () => {
    expect(publicNames(sources['bullmq/index'] ?? '')).toMatchInlineSnapshot(`
     "createUploadStatusQueue
     createUploadStatusWorker
     describeQueueFailure
     redisDedupStore
     type Added
     type DedupCommands
     type JobOptions
     type QueueFailure
     type QueueIncompatible
     type QueuePlace
     type QueueRefused
     type QueueUnavailable
     type RedisDedupOptions
     type SettledUpload
     type UploadStatusQueue
     type UploadStatusQueueOptions
     type UploadStatusWorker
     type UploadStatusWorkerOptions"
    `)
  })

  test('of telemetry', () => {
    expect(publicNames(sources['opentelemetry/index'] ?? '')).toMatchInlineSnapshot(`
     "createTelemetry
     observeLoad
     type LoadOptions
     type Telemetry
     type TelemetryEvent
     type TelemetryOptions"
    `)
  })

  test('of the React adapter', () => {
    expect(publicNames(sources['react/index'] ?? '')).toMatchInlineSnapshot(`
     "UploadStatusProvider
     type UploadStatusProviderProps
     type UseOptions
     useUploadStatus
     useUploadStatuses"
    `)
  })

  test('of the webhook', () => {
    expect(publicNames(sources['webhook/index'] ?? '')).toMatchInlineSnapshot(`
     "createWebhook
     nodeListener
     type AliveChanged
     type DedupStore
     type DeliveryAccepted
     type DeliveryEvent
     type DeliveryIgnored
     type DeliveryRefused
     type NodeBody
     type NodeConnection
     type NodeListener
     type NodeRequest
     type NodeResponse
     type Refusals
     type StoreFailed
     type Webhook
     type WebhookEvent
     type WebhookOptions
     type WholePushSource"
    `)
  })

  test('of the Vue adapter', () => {
    expect(publicNames(sources['vue/index'] ?? '')).toMatchInlineSnapshot(`
     "provideUploadStatusSource
     type UseOptions
     uploadStatusSourceKey
     useUploadStatus
     useUploadStatuses"
    `)
  })

  test('of the testing entry', () => {
    expect(publicNames(sources['testing/index'] ?? '')).toMatchInlineSnapshot(`
     "inVirtualTime
     sourceOf"
    `)
  })

  test('of the sandbox', () => {
    expect(publicNames(sources['sandbox/index'] ?? '')).toMatchInlineSnapshot(`
     "apiError
     beforeAccepted
     completed
     conflicting
     cut
     delayed
     drop
     duplicate
     failed
     forged
     html
     json
     outOfOrder
     parseScenario
     pending
     processing
     reply
     reset
     sandboxAccount
     sandboxApiKey
     send
     silent
     spelled
     startSandbox
     times
     trickle
     type ApiErrorAnswer
     type BeforeAcceptedPush
     type CompletedAnswer
     type ConflictingPush
     type CutFault
     type DropPush
     type DuplicatePush
     type Durations
     type Endpoint
     type EventName
     type FailedAnswer
     type Fault
     type ForgedPush
     type HtmlAnswer
     type JsonAnswer
     type OutOfOrderPush
     type PathTemplate
     type PendingAnswer
     type ProcessingAnswer
     type PushPlan
     type PushStaging
     type ReplyAnswer
     type ResetFault
     type Sandbox
     type SandboxCounts
     type SandboxDelivery
     type SandboxEvent
     type SandboxOptions
     type SandboxRateLimit
     type SandboxRequest
     type SandboxWebhooks
     type Scenario
     type ScriptedAnswer
     type ScriptedPush
     type ScriptedUpload
     type SendPush
     type SilentFault
     type Spelling
     type Staging
     type TrickleFault
     type UnsignedPush
     type WebhookPath
     type WholeAnswer
     type WireFault
     unsigned
     wire"
    `)
  })
})
