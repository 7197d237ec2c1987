import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import {
  createUploadStatusQueue,
  createUploadStatusWorker,
  redisDedupStore,
} from '../../src/bullmq'
import { helpText } from '../../src/cli/help'
import { createUploadStatusClient, requestBudget, uploadStatus$ } from '../../src/index'
import { createTelemetry, observeLoad } from '../../src/opentelemetry'
import { createStatusRelay } from '../../src/relay'
import { relayedSource } from '../../src/relay/client'
import { startSandbox } from '../../src/sandbox'
import { createWebhook } from '../../src/webhook'
import { read } from './samples'

const pageOf = (name: string): string => read(join(__dirname, '../../docs', name))

/** An option that nothing has, so that the error lists those that exist. */
const unknown: object = { qqqqqqqqqqqqqqqq: 1 }

/** Calls a function with options that it refuses, and returns the names that its error lists. */
const optionsOf = async (call: (options: never) => unknown): Promise<readonly string[]> => {
  const refused = async (): Promise<string> => {
    try {
      await call(unknown as never)
      return ''
    } catch (error) {
      return String(error)
    }
  }
  const [, names = ''] = /it may have (.*)$/.exec(await refused()) ?? []
  return names.split(', ')
}

const store = { set: () => null, get: () => null, del: () => null } as never

test.each<[string, string, (options: never) => unknown]>([
  ['uploadStatus$', 'options.md', options => uploadStatus$('acct_1', 'ofapi_media_1', options)],
  ['createUploadStatusClient', 'options.md', createUploadStatusClient],
  ['requestBudget', 'options.md', requestBudget],
  ['createUploadStatusQueue', 'queue.md', createUploadStatusQueue],
  ['createUploadStatusWorker', 'queue.md', createUploadStatusWorker],
  ['redisDedupStore', 'queue.md', options => redisDedupStore(store, options)],
  ['createStatusRelay', 'relay.md', createStatusRelay],
  ['relayedSource', 'relay.md', options => relayedSource('https://my.example/', options)],
  ['createWebhook', 'webhooks.md', createWebhook],
  ['startSandbox', 'sandbox.md', startSandbox],
  ['createTelemetry', 'observability.md', createTelemetry],
  ['observeLoad', 'observability.md', options => observeLoad(() => null, options)],
])('each option of %s is on the page %s', async (_, page, call) => {
  const names = await optionsOf(call)
  expect(names.length).toBeGreaterThan(0)
  expect(names).not.toContain('')
  expect(names.filter(name => !pageOf(page).includes(`\`${name}\``))).toEqual([])
})

const host = { argv: ['node', '/app/rx-upload-status'], cwd: () => '/app' }

test.each(['watch', 'work', 'sandbox'] as const)(
  'each flag of %s is on the page of the command line',
  topic => {
    const flags = Array.from(
      helpText(topic, host).matchAll(/^ {2}(--\w[\w-]*)/gm),
      ([, flag]) => flag,
    )
    expect(flags.length).toBeGreaterThan(0)
    const text = pageOf('command-line.md')
    expect(flags.filter(flag => flag !== undefined && !text.includes(flag))).toEqual([])
  },
)
