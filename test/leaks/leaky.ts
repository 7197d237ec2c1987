import { connect } from 'node:net'
import { test } from '@jest/globals'
import { uploadStatus$ } from 'rx-upload-status'
import { whole } from '../http/rawServer'
import { wire } from '../http/wire'
import { handedIn } from './handedIn'

// One leak of each kind. leaks.test.ts checks that each is found.

const hold = (): void => undefined

test('nothing', async () => {
  const server = await wire(whole(200, '{}'))
  await (await fetch(server.url)).text()
})

test('an unhandled rejection', () => {
  void Promise.reject(new Error('nobody handles this'))
})

test('a connection', async () => {
  const server = await wire(hold)
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  await new Promise(resolve => socket.once('connect', resolve))
})

// Node closes the connection of an answer that is garbage collected.
const unread: Response[] = []

test('an answer that is not read', async () => {
  const server = await wire(whole(200, 'x'.repeat(10_000_000)))
  unread.push(await fetch(server.url))
})

test('a timer', () => {
  setTimeout(hold, 60_000)
})

test('a listener on a signal', () => {
  handedIn().signal?.addEventListener('abort', hold)
})

test('subscriptions to sources', () => {
  const { activity$, push } = handedIn()
  activity$?.subscribe(hold)
  push?.statuses$.subscribe(hold)
})

test('a watch that runs', () => {
  const fetch = (): Promise<never> => new Promise(hold)
  uploadStatus$('acct_1', 'ofapi_media_1', { ...handedIn(), apiKey: null, fetch }).subscribe(hold)
})
