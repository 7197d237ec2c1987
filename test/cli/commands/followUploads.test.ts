import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/Either'
import { EMPTY, from, lastValueFrom, NEVER, of, toArray, type Observable } from 'rxjs'
import { invalidRequest, spaced } from '../../../src'
import { follow$, type Reference } from '../../../src/cli/commands/followUploads'
import type { News } from '../../../src/cli/news'
import { completed, html, pending, type Sandbox } from '../../../src/sandbox'
import { openSandbox } from '../../sandbox/openSandbox'

const all = (news$: Observable<News>): Promise<readonly News[]> =>
  lastValueFrom(news$.pipe(toArray()), { defaultValue: [] })

const follow = (sandbox: Sandbox, references: readonly Reference[]): Promise<readonly News[]> =>
  all(
    follow$(from(references), {
      baseUrl: sandbox.url,
      apiKey: sandbox.apiKey,
      perMinute: 6_000,
      room$: EMPTY,
      schedule: spaced(0),
      retry: { base: 0 },
    }),
  )

const wordsOf = (news: News): string => {
  switch (news.kind) {
    case 'happened':
      return news.event._tag
    case 'learned':
      return E.isLeft(news.status) ? news.status.left._tag : news.status.right.status
    case 'begun':
    case 'unreadable':
    case 'warning':
      return news.kind
  }
}

describe('following uploads', () => {
  test('tells a beginning, all that happens, and every status, in the order of time', async () => {
    const sandbox = await openSandbox()
    const ref = sandbox.script('acct_sandbox', [pending(), html(502), completed()])
    expect((await follow(sandbox, [E.right(ref)])).map(wordsOf)).toEqual([
      'begun',
      'AttemptStarted',
      'StatusReceived',
      'PollScheduled',
      'pending',
      'AttemptStarted',
      'AttemptFailed',
      'RetryScheduled',
      'AttemptStarted',
      'StatusReceived',
      'Settled',
      'completed',
    ])
  })

  test('begins an upload once, and passes on what names none', async () => {
    const sandbox = await openSandbox()
    const ref = sandbox.script('acct_sandbox', [completed()])
    const unreadable = (line: number): Reference =>
      E.left({ line, failure: invalidRequest('upload', 'is bad') })
    const references = [E.right(ref), unreadable(2), E.right(ref), unreadable(4)]
    const words = (await follow(sandbox, references)).map(wordsOf)
    expect(words.filter(word => word === 'begun')).toHaveLength(1)
    expect(words.filter(word => word === 'completed')).toHaveLength(1)
    expect(words.filter(word => word === 'unreadable')).toHaveLength(2)
  })

  test('starts no request while there is no room for what comes of it', async () => {
    const sandbox = await openSandbox()
    const ref = sandbox.script('acct_sandbox', [completed()])
    const { url: baseUrl, apiKey } = sandbox
    const options = { baseUrl, apiKey, perMinute: 60, room$: NEVER, deadline: 100 }
    const news = await all(follow$(of(E.right(ref)), options))
    expect(news.map(wordsOf)).toEqual(['begun', 'Settled', 'Expired'])
    expect(sandbox.counts().requests).toBe(0)
  })

  test('tells once, and at what rate, that polls come late', async () => {
    const sandbox = await openSandbox()
    const references = ['one', 'two', 'three'].map(upload =>
      E.right(sandbox.script('acct_sandbox', [completed()], upload)),
    )
    const { url: baseUrl, apiKey } = sandbox
    const options = { baseUrl, apiKey, perMinute: 2, room$: EMPTY, deadline: 400 }
    const news = await all(follow$(from(references), options))
    const message = 'polls come late: more of them are due than 2 requests a minute allow'
    expect(
      news.filter(piece => piece.kind === 'warning' && piece.message === message),
    ).toHaveLength(1)
  })

  test('completes at once where there is nothing to follow', async () => {
    expect(await follow(await openSandbox(), [])).toEqual([])
  })

  test('names an option that makes no sense before anything is subscribed', () => {
    expect(() => follow$(NEVER, { perMinute: 60, room$: EMPTY, deadline: 0 })).toThrow(/deadline/)
  })
})
