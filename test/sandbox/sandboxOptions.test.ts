import { createServer } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { sandboxAccount, sandboxApiKey, startSandbox, type SandboxOptions } from '../../src/sandbox'
import { sandboxDefaults } from '../../src/sandbox/sandboxOptions'
import { openSandbox } from './openSandbox'

// As JavaScript may call it.
const start = (options: unknown): Promise<unknown> => startSandbox(options as SandboxOptions)

describe('an invalid option', () => {
  test.each<[string, unknown]>([
    ['options', null],
    ['options', []],
    ['ports', { ports: 1 }],
    ['port', { port: -1 }],
    ['port', { port: 65_536 }],
    ['port', { port: 1.5 }],
    ['port', { port: Number.NaN }],
    ['port', { port: '80' }],
    ['port', { port: null }],
    ['host', { host: '' }],
    ['host', { host: 1 }],
    ['publicUrl', { publicUrl: 'sandbox:4010' }],
    ['publicUrl', { publicUrl: 'ftp://sandbox' }],
    ['publicUrl', { publicUrl: 'http://sandbox/path' }],
    ['publicUrl', { publicUrl: 'http://user@sandbox' }],
    ['publicUrl', { publicUrl: 'http://sandbox/?q' }],
    ['apiKey', { apiKey: '' }],
    ['apiKey', { apiKey: 'a b' }],
    ['apiKey', { apiKey: 'é' }],
    ['apiKey', { apiKey: null }],
    ['accounts', { accounts: [] }],
    ['accounts', { accounts: 'acct_1' }],
    ['accounts', { accounts: ['..'] }],
    ['durations', { durations: 5 }],
    ['durations', { durations: { queued: 5 } }],
    ['durations.pending', { durations: { pending: -1 } }],
    ['durations.pending', { durations: { pending: null } }],
    ['durations.pending', { durations: { pending: 2 ** 31 } }],
    ['durations.processing', { durations: { processing: Number.POSITIVE_INFINITY } }],
    ['durations.spread', { durations: { spread: 1.1 } }],
    ['failureRate', { failureRate: -0.1 }],
    ['failureRate', { failureRate: Number.NaN }],
    ['rateLimit', { rateLimit: '60' }],
    ['rateLimit.perMinute', { rateLimit: 0 }],
    ['rateLimit.perMinute', { rateLimit: 60.5 }],
    ['rateLimit', { rateLimit: { perHour: 60 } }],
    ['rateLimit.perMinute', { rateLimit: {} }],
    ['rateLimit.perMinute', { rateLimit: { perMinute: 0 } }],
    ['rateLimit.window', { rateLimit: { perMinute: 1, window: 'leaky' } }],
    ['rateLimit.window', { rateLimit: { perMinute: 1, window: null } }],
    ['rateLimit.lockout', { rateLimit: { perMinute: 1, lockout: -1 } }],
    ['rateLimit.lockout', { rateLimit: { perMinute: 1, lockout: true } }],
    ['credits', { credits: -1 }],
    ['credits', { credits: 0.5 }],
    ['credits', { credits: null }],
    ['errorMember', { errorMember: 'errors' }],
    ['maxUploads', { maxUploads: 0 }],
    ['maxFileBytes', { maxFileBytes: -1 }],
    ['scenarios', { scenarios: [] }],
    ['scenarios.a.mp4[0].kind', { scenarios: { 'a.mp4': [{ kind: 'lost' }] } }],
    ['framing', { framing: 'gzip' }],
    ['framing', { framing: null }],
    ['seed', { seed: 0.5 }],
    ['seed', { seed: '1' }],
    ['clock', { clock: 5 }],
    ['clock', { clock: () => Number.NaN }],
    ['clock', { clock: () => 'now' }],
    ['on', { on: {} }],
  ])('throws an error that names %s', async (name, options) => {
    const failure: unknown = await start(options).catch((error: unknown) => error)
    expect(failure instanceof RangeError || failure instanceof TypeError).toBe(true)
    expect(String(failure)).toContain(name)
  })
})

describe('an omitted option', () => {
  test('has its documented default', () => {
    expect(sandboxDefaults).toEqual({
      port: 0,
      host: '127.0.0.1',
      publicUrl: null,
      apiKey: sandboxApiKey,
      accounts: [sandboxAccount, 'acct_1', 'fansly_acct_1'],
      durations: { pending: 500, processing: 2_000, spread: 0.2 },
      failureRate: 0,
      rateLimit: null,
      credits: 1_000_000_000,
      errorMember: 'error',
      maxUploads: 10_000,
      maxFileBytes: 104_857_600,
      scenarios: {},
      webhooks: null,
      framing: 'length',
      seed: 1,
      clock: expect.any(Function),
      on: expect.any(Function),
    })
  })

  test('may be undefined', async () => {
    const sandbox = await start({
      host: undefined,
      durations: { pending: undefined },
      rateLimit: { perMinute: 1, window: undefined, lockout: undefined },
    })
    await (sandbox as Awaited<ReturnType<typeof startSandbox>>).close()
  })
})

describe('the address', () => {
  test('is loopback by default, without a warning', async () => {
    const sandbox = await openSandbox()
    expect(sandbox.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(sandbox.warnings).toEqual([])
  })

  test.each(['0.0.0.0', '::'])('is reachable at %s, with a warning', async host => {
    const messages: string[] = []
    const sandbox = await openSandbox({
      host,
      on: event => {
        if (event.kind === 'warning') messages.push(event.message)
      },
    })
    expect(sandbox.warnings).toEqual([expect.stringContaining(host)])
    expect(messages).toEqual(sandbox.warnings)
    expect((await fetch(sandbox.url)).status).toBe(404)
  })

  test('may be an IPv6 address or a host name', async () => {
    const six = await openSandbox({ host: '::1' })
    expect(six.url).toMatch(/^http:\/\/\[::1\]:\d+$/)
    expect(six.warnings).toEqual([])
    const named = await openSandbox({ host: 'localhost' })
    expect(named.warnings).toEqual([])
    expect((await fetch(named.url)).status).toBe(404)
  })

  test('causes an error that names host and port if it is in use', async () => {
    const { url } = await openSandbox()
    const port = Number(new URL(url).port)
    await expect(startSandbox({ port })).rejects.toThrow(
      `port ${String(port)} on 127.0.0.1 is in use`,
    )
  })

  test('causes an error that names it if it does not exist', async () => {
    await expect(startSandbox({ host: '192.0.2.1' })).rejects.toThrow('on 192.0.2.1 cannot be used')
  })

  test('has the configured port', async () => {
    const probe = createServer()
    await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve))
    const address = probe.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await new Promise(resolve => probe.close(resolve))
    expect((await openSandbox({ port })).url).toBe(`http://127.0.0.1:${String(port)}`)
  })
})
