import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { compile } from 'svelte/compiler'
import { compileSamples } from './compileSamples'
import { runSample, type SampleRun } from './runSample'
import { runSamples } from './runSamples'
import {
  examplesOf,
  filesBelow,
  read,
  samplesOf,
  scriptOf,
  strayOutputs,
  type Sample,
} from './samples'

const root = join(__dirname, '../..')
const inRoot = (file: string): string => join(root, file)

const markdown = [
  'README.md',
  ...filesBelow(inRoot('docs'), '.md').map(file => file.slice(root.length + 1)),
]
const samplesIn = (language: string): ReadonlyArray<Sample> =>
  markdown.flatMap(file => samplesOf(file, read(inRoot(file)), language))

const samples = samplesIn('ts')
/** Samples for frameworks are only compiled here; test/adapters runs similar code. */
const pages = [
  ...samplesIn('tsx'),
  ...samplesIn('typescript'),
  ...samplesIn('vue').map(sample => ({ ...sample, code: scriptOf(sample.code) })),
]
const svelte = samplesIn('svelte')
const examples = filesBelow(inRoot('src'), '.ts').flatMap(file =>
  examplesOf(file.slice(root.length + 1), read(file)),
)

/** What the examples of docstrings assume. */
const given = `
import * as either from 'fp-ts/lib/Either.js'
import type { Either } from 'fp-ts/lib/Either.js'
import { map, merge, of, scan, type Observable } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { inVirtualTime, sourceOf } from 'rx-upload-status/testing'
import {
  createUploadStatusClient, describe, describeFailure, failures, failureToError, fetchStatus$, isVaultMedia, match, matchFailure, mediaId,
  matchStatus, orThrow, outcome, outcomes, parsePollingUrl, parseStarted, repeatOnSchedule, requestBudget, retryTransient,
  spaced, statuses, untilTerminal,
  summarize, UploadStatus, uploadOutcome, uploadOutcomes, uploadStatus$, uploadStatuses$, uploadView, uploadViews,
  uploadView$, uploadViews$, waitingView,
  Failure, type UploadRef, type UploadStatusSource, type UploadView, type UploadViews,
} from 'rx-upload-status'
import { createStatusRelay, nodeListener, type StatusRelay } from 'rx-upload-status/relay'
import {
  relayedSource, relayedUploadStatus$, relayedUploadStatuses$, sharedTabs,
} from 'rx-upload-status/relay/client'
import { createWebhook } from 'rx-upload-status/webhook'
import { createTelemetry, observeLoad } from 'rx-upload-status/opentelemetry'
import {
  createUploadStatusQueue, createUploadStatusWorker, describeQueueFailure, redisDedupStore,
} from 'rx-upload-status/bullmq'
import { Redis } from 'ioredis'
import { createServer } from 'node:http'
import {
  apiError, completed, cut, delayed, duplicate, failed, html, json, parseScenario, pending, processing, reply,
  reset, silent, spelled, startSandbox, times, trickle, wire, type Sandbox, type Scenario,
} from 'rx-upload-status/sandbox'
declare const failure: Failure
declare const profile$: Observable<Either<Failure, string>>
declare const sandbox: Sandbox
declare const relay: StatusRelay
declare const accountOf: (request: Request) => Promise<string>
`

const givenReact = `
import { createElement } from 'react'
import { UploadStatusProvider, useUploadStatus, useUploadStatuses } from 'rx-upload-status/react'
`

const givenVue = `
import { h } from 'vue'
import { provideUploadStatusSource, useUploadStatus, useUploadStatuses } from 'rx-upload-status/vue'
`

/** The adapters have the same names. */
const givenOf = (file: string): string =>
  given + (/^src.(react|vue)\b/.exec(file)?.[1] === 'vue' ? givenVue : givenReact)

const wrong = {
  name: 'wrong.md:1',
  code: "import { uploadStatus$ } from 'rx-upload-status'\nuploadStatus$(1, 2)\n",
}

test('the documentation has samples, and docstrings have examples', () => {
  expect(samples.length).toBeGreaterThan(10)
  expect(pages.length).toBeGreaterThan(5)
  expect(examples.length).toBeGreaterThan(5)
})

/** The compiler's errors in all samples at once, because loading the types takes most of the time. */
let said: readonly string[] = []
beforeAll(async () => {
  said = await compileSamples([
    ...samples,
    ...pages,
    ...examples.map(({ name, code }) => ({ name, code: `${givenOf(name)}{\n${code}}` })),
    wrong,
  ])
}, 300_000)

test('every sample of the documentation, and every example of a docstring, compiles', () => {
  expect(said.filter(error => !error.startsWith(wrong.name))).toEqual([])
})

test('a sample with a type error is reported', () => {
  expect(said).toContainEqual(expect.stringMatching(/^wrong\.md:1: No overload matches this call/))
})

test.each(svelte)('Svelte compiles without a warning: $name', ({ code }) => {
  expect(compile(code, { generate: 'client' }).warnings).toEqual([])
})

// `fp-ts/lib` is CommonJS, so a bundle for a page would contain fp-ts twice.
test('samples import values of fp-ts only on the page about it', () => {
  const importsValue = /^import (?!type\b).*'fp-ts\b/m
  const importing = [...samples, ...pages, ...svelte].filter(({ code }) => importsValue.test(code))
  const others = importing.filter(({ name }) => !name.startsWith('docs/with-fp-ts.md:'))
  expect(others).toEqual([])
})

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** `…` in a shown output stands for what differs from run to run. */
const patternOf = (shown: string): RegExp =>
  new RegExp(`^${shown.split('…').map(escaped).join('.*')}$`)

describe('a sample ends without an error against the sandbox', () => {
  let runs: ReadonlyMap<string, SampleRun> = new Map()
  beforeAll(async () => {
    runs = await runSamples(samples)
  }, 300_000)

  test.each(samples)('$name', ({ name, output }) => {
    const run = runs.get(name)
    expect({ exit: run?.exit, errors: run?.errors }).toEqual({ exit: 0, errors: '' })
    if (output === null) expect(run?.output).not.toBe('')
    else if (output.includes('…')) expect(run?.output).toMatch(patternOf(output))
    else expect(run?.output).toBe(output)
  })
})

test('every output on a page belongs to a sample', () => {
  expect(markdown.flatMap(file => strayOutputs(file, read(inRoot(file))))).toEqual([])
})

test('the first sample of the README runs as pasted, without key and network', async () => {
  const [first] = samples
  expect(first?.name).toMatch(/^README\.md:/)
  const run = await runSample(first?.code ?? '', 'src/platform/node.ts', {})
  const output = 'pending\nprocessing\ncompleted\n'
  expect(run).toEqual({ exit: 0, output, errors: '' })
}, 60_000)
