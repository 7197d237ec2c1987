import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/Either'
import { EMPTY, from, lastValueFrom, NEVER, of, toArray, type Observable } from 'rxjs'
import { invalidRequest, spaced } from '../../../src'
import { deadlineWarning, followUploads$ } from '../../../src/cli/commands/followUploads'
import type { Reference } from '../../../src/cli/commands/readReferences'
import type { Update } from '../../../src/cli/display/updates'
import { completed, html, pending, type Sandbox } from '../../../src/sandbox'
import { openSandbox } from '../../sandbox/openSandbox'

const all = (update$: Observable<Update>): Promise<readonly Update[]> =>
  lastValueFrom(update$.pipe(toArray()), { defaultValue: [] })

const follow = (sandbox: Sandbox, references: readonly Reference[]): Promise<readonly Update[]> =>
  all(
    followUploads$(from(references), {
      baseUrl: sandbox.url,
      apiKey: sandbox.apiKey,
      perMinute: 6_000,
      drained$: EMPTY,
      schedule: spaced(0),
      retry: { base: 0 },
    }),
  )

const kindOf = (update: Update): string => {
  switch (update.kind) {
    case 'event':
      return update.event._tag
    case 'status':
      return E.isLeft(update.status) ? update.status.left._tag : update.status.right.status
    case 'started':
    case 'removed':
    case 'invalidLine':
    case 'warning':
    case 'unwritten':
      return update.kind
  }
}

describe('following uploads', () => {
  test('emits the start, every event and every status, in order', async () => {
    const sandbox = await openSandbox()
    const ref = sandbox.script('acct_sandbox', [pending(), html(502), completed()])
    expect((await follow(sandbox, [E.right(ref)])).map(kindOf)).toEqual([
      'started',
      'AttemptStarted',
      'CreditsReported',
      'StatusReceived',
      'PollScheduled',
      'pending',
      'AttemptStarted',
      'AttemptFailed',
      'RetryScheduled',
      'AttemptStarted',
      'CreditsReported',
      'StatusReceived',
      'Settled',
      'completed',
    ])
  })

  test('starts each upload once, and emits invalid lines', async () => {
    const sandbox = await openSandbox()
    const ref = sandbox.script('acct_sandbox', [completed()])
    const invalidLine = (line: number): Reference =>
      E.left({ line, failure: invalidRequest('upload', 'is bad') })
    const references = [E.right(ref), invalidLine(2), E.right(ref), invalidLine(4)]
    const kinds = (await follow(sandbox, references)).map(kindOf)
    expect(kinds.filter(kind => kind === 'started')).toHaveLength(1)
    expect(kinds.filter(kind => kind === 'completed')).toHaveLength(1)
    expect(kinds.filter(kind => kind === 'invalidLine')).toHaveLength(2)
  })

  test('starts no request until the output accepts more', async () => {
    const sandbox = await openSandbox()
    const ref = sandbox.script('acct_sandbox', [completed()])
    const { url: baseUrl, apiKey } = sandbox
    const options = { baseUrl, apiKey, perMinute: 60, drained$: NEVER, deadline: 100 }
    const updates = await all(followUploads$(of(E.right(ref)), options))
    expect(updates.map(kindOf)).toEqual(['started', 'Settled', 'Expired'])
    expect(sandbox.counts().requests).toBe(0)
  })

  test('warns once that polls are late, with the rate', async () => {
    const sandbox = await openSandbox()
    const references = ['one', 'two', 'three'].map(upload =>
      E.right(sandbox.script('acct_sandbox', [completed()], upload)),
    )
    const { url: baseUrl, apiKey } = sandbox
    const options = { baseUrl, apiKey, perMinute: 2, drained$: EMPTY, deadline: 400 }
    const updates = await all(followUploads$(from(references), options))
    const message = 'polls are late: more of them are due than 2 requests per minute allow'
    expect(
      updates.filter(update => update.kind === 'warning' && update.message === message),
    ).toHaveLength(1)
  })

  test('completes immediately without uploads', async () => {
    expect(await follow(await openSandbox(), [])).toEqual([])
  })

  test('rejects an invalid option before it is subscribed', () => {
    expect(() => followUploads$(NEVER, { perMinute: 60, drained$: EMPTY, deadline: 0 })).toThrow(
      /deadline/,
    )
  })
})

describe('the warning about a short deadline', () => {
  test('says how long the first polls take, and which flags to change', () => {
    expect(deadlineWarning(300, 60, 10_000)).toBe(
      'the first poll of 300 uploads takes about 4m 50s at 60 requests per minute, ' +
        'but --deadline is 10s: give a higher --rate, if your plan allows it, or a longer --deadline',
    )
  })

  test.each([
    ['all can be polled in time', 300, 60, 290_000],
    ['the burst covers all', 10, 60, 1],
    ['there is one upload', 1, 1, 1],
    ['there is none', 0, 60, 1],
    ['there is no deadline', 1_000_000, 1, Infinity],
  ])('is missing if %s', (_, uploads, perMinute, deadline) => {
    expect(deadlineWarning(uploads, perMinute, deadline)).toBeNull()
  })
})
