import { execFileSync } from 'node:child_process'
import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { json, startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox'
import { ask } from '../sandbox/openSandbox'
import { exchanges, publishedExchanges, type Exchange } from './exchanges'
import { inferred } from './inferred'
import { freePort, openPrism } from './prism'
import { corrected, publishedDescription } from './published'

/**
 * Proves that exchanges with the sandbox conform to a description. The validator is independent:
 * Prism, a proxy in front of the sandbox. It is installed from npm, outside of the tree.
 */
jest.setTimeout(600_000)

const installation = execFileSync(process.execPath, ['.ci/prism.js'], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
}).trim()

const closers: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A sandbox that is reached only through Prism: each `polling_url` points to Prism, too. */
const openValidated = async (
  description: unknown,
  options: SandboxOptions = {},
): Promise<Sandbox> => {
  const [port, proxyPort] = [await freePort(), await freePort()]
  const publicUrl = `http://127.0.0.1:${String(proxyPort)}`
  const sandbox = await startSandbox({ ...options, port, publicUrl, clock: () => 0 })
  closers.push(sandbox.close)
  const upstream = `http://127.0.0.1:${String(port)}`
  closers.push((await openPrism(installation, description, proxyPort, upstream)).close)
  return sandbox
}

/** The violations of each exchange that has some, by its title. */
const violationsOf = async (
  sandbox: Sandbox,
  sent: readonly Exchange[],
): Promise<Readonly<Record<string, unknown>>> => {
  const found: Record<string, unknown> = {}
  for (const { title, status, send } of sent) {
    const answer = await send(sandbox)
    expect([title, answer.status]).toEqual([title, status])
    const violations = answer.headers.get('sl-violations')
    if (violations !== null) found[title] = JSON.parse(violations)
  }
  return found
}

describe('the inferred description', () => {
  test.each(['error', 'message'] as const)(
    'is not violated by any exchange of either platform, with errors in `%s`',
    async errorMember => {
      const sandbox = await openValidated(inferred, {
        errorMember,
        framing: 'mixed',
        credits: 60,
        rateLimit: 150,
      })
      expect(await violationsOf(sandbox, exchanges)).toEqual({})
      expect(sandbox.counts().rateLimited).toBe(1)
    },
  )

  test('is violated by an invalid answer, which proves that the validator runs', async () => {
    const sandbox = await openValidated(inferred)
    const { pollingUrl, upload } = sandbox.script('acct_1', [json(200, { status: 'archived' })])
    const { headers } = await ask(sandbox, pollingUrl)
    expect(upload).not.toBe('')
    expect(headers.get('sl-violations')).toMatch(/response/)
  })
})

describe('the published description', () => {
  test('with `anyOf` in place of `oneOf` is not violated by any status', async () => {
    const sandbox = await openValidated(corrected, { framing: 'mixed' })
    expect(await violationsOf(sandbox, publishedExchanges)).toEqual({})
  })

  test('as published is violated by every status', async () => {
    const sandbox = await openValidated(publishedDescription)
    const found = await violationsOf(sandbox, publishedExchanges)
    expect(Object.keys(found)).toEqual(publishedExchanges.map(({ title }) => title))
  })
})
