import { describe, expect, test } from '@jest/globals'
import { createWebhook, type WebhookOptions } from 'rx-upload-status/webhook'
import { webhookSettingsOf } from '../../src/webhook/webhookOptions'
import { ref } from '../answers'
import { secret } from './deliveries'

test('the options of a webhook have the documented defaults', async () => {
  const { store, accept, onStatus, on, ...rest } = webhookSettingsOf({ secrets: [secret] })
  expect(rest).toEqual({
    secrets: [secret],
    ackWithin: 8_000,
    maxBytes: 1_048_576,
    trustFor: 600_000,
    lag: 15_000,
  })
  expect(accept(ref)).toBe(true)
  expect(await store.claim('a', 1)).toBe('claimed')
  const status = { status: 'failed', prefixed_id: ref.upload, error: '' } as const
  await expect(onStatus({ ...ref, status })).resolves.toBeUndefined()
  on({ _tag: 'StoreFailed', step: 'done' })
})

/** A store that is a class. */
class Store {
  claim = () => Promise.resolve('claimed' as const)
  done = () => Promise.resolve()
  release = () => Promise.resolve()
}

describe('valid options', () => {
  test.each<[string, Partial<WebhookOptions>]>([
    ['several secrets', { secrets: ['a', 'b c'] }],
    ['a function of secrets', { secrets: () => [] }],
    ['a store', { store: new Store() }],
    ['the minimum values', { ackWithin: 1, maxBytes: 1, trustFor: 1, lag: 0 }],
    ['undefined', { store: undefined, accept: undefined, lag: undefined, on: undefined }],
  ])('include %s', (_, options) => {
    expect(createWebhook({ secrets: [secret], ...options })).toBeInstanceOf(Function)
  })
})

describe('invalid options', () => {
  const secrets = [secret]
  const lists = 'a list of strings, or a function that gives one'
  test.each<[object | undefined, string]>([
    [undefined, 'options must be an object such as { secrets }, not undefined'],
    [{}, `secrets must be ${lists}, not undefined`],
    [{ secrets: secret }, `secrets must be ${lists}, not a string`],
    [{ secrets: [] }, 'secrets must not be empty; pass the secret of the webhook'],
    [{ secrets: [undefined] }, 'each of secrets must be a string, not undefined'],
    [{ secrets: [''] }, 'each of secrets must not be empty, or begin or end with a space'],
    [{ secrets: [`${secret}\n`] }, 'each of secrets must not be empty, or begin or end with'],
    [{ secret }, 'options has no member named secret; did you mean secrets?'],
    [{ secrets, store: {} }, 'store must be a store with claim, done and release, not an object'],
    [{ secrets, accept: true }, 'accept must be a function (ref) => boolean, not a boolean'],
    [
      { secrets, onStatus: 1 },
      'onStatus must be a function (pushed) => Promise<void>, not a number',
    ],
    [{ secrets, on: [] }, 'on must be a function (event) => void, not a list'],
    [{ secrets, ackWithin: 0 }, 'ackWithin must be milliseconds from 1 to'],
    [{ secrets, ackWithin: NaN }, 'ackWithin must be milliseconds from 1 to'],
    [{ secrets, trustFor: Infinity }, 'trustFor must be milliseconds from 1 to'],
    [{ secrets, lag: -1 }, 'lag must be milliseconds from 0 to'],
    [{ secrets, maxBytes: 1.5 }, 'maxBytes must be a whole number from 1 to'],
  ])('throw an error that quotes no secret: %j', (options, message) => {
    const create = (): unknown => createWebhook(options as never)
    expect(create).toThrow(message)
    expect(create).not.toThrow(secret)
  })
})
