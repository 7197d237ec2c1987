import { describe, expect, test } from '@jest/globals'
import { sandboxIntroduction, sandboxLogLine } from '../../../src/cli/commands/sandbox'
import type { SandboxRequest } from '../../../src/sandbox'

const sandbox = {
  url: 'http://127.0.0.1:4010',
  apiKey: 'sandbox-key-not-a-secret',
  accounts: ['acct_sandbox', 'fansly_acct_1'],
}

const noFiles = { keyFile: undefined, webhook: undefined, secretFile: undefined }

describe('the introduction of a sandbox', () => {
  test('has the commands for a first upload', () => {
    const text = sandboxIntroduction(sandbox, noFiles, 'npx rx-upload-status')
    expect(text).toMatch(/^The sandbox is at http:\/\/127\.0\.0\.1:4010$/m)
    expect(text).toMatch(/accounts are acct_sandbox, fansly_acct_1\.$/m)
    expect(text).toMatch(/^export ONLYFANSAPI_API_KEY=sandbox-key-not-a-secret$/m)
    expect(text).toMatch(
      /^curl .*\\\n.*\\\n {2}http:\/\/127\.0\.0\.1:4010\/api\/acct_sandbox\/media/m,
    )
    expect(text).toMatch(
      /^ {2}npx rx-upload-status watch --base-url http:\/\/127\.0\.0\.1:4010 -$/m,
    )
  })

  test('does not show the key of a file', () => {
    const text = sandboxIntroduction(
      { ...sandbox, apiKey: 'sk_secret' },
      { ...noFiles, keyFile: "it's a key" },
      'npx rx-upload-status',
    )
    expect(text).not.toContain('sk_secret')
    expect(text).toContain(`export ONLYFANSAPI_API_KEY="$(cat 'it'\\''s a key')"`)
  })

  test.each(['/dev/fd/63', '/proc/self/fd/11', '/dev/stdin'])(
    'does not read %s again, which another shell cannot',
    keyFile => {
      const text = sandboxIntroduction(sandbox, { ...noFiles, keyFile }, 'npx rx-upload-status')
      expect(text).not.toContain(keyFile)
      expect(text).toMatch(/, export ONLYFANSAPI_API_KEY in .*, and paste this there:\n\ncurl /)
    },
  )
})

test('the introduction says that events are sent, without the address of the webhook', () => {
  const url = 'https://me.example/hook?token=t'
  const webhook = { ...noFiles, webhook: url }
  const signed = { ...webhook, secretFile: './secret' }
  expect(sandboxIntroduction(sandbox, webhook, 'x')).toMatch(/^Events are .* not signed\.$/m)
  expect(sandboxIntroduction(sandbox, signed, 'x')).toMatch(
    /^Events are .* signed with the secret/m,
  )
  expect(sandboxIntroduction(sandbox, signed, 'x')).not.toContain('token')
})

describe('the log of a sandbox', () => {
  const time = new Date(2026, 3, 3, 16, 18, 5)
  const request: SandboxRequest = {
    kind: 'request',
    method: 'GET',
    path: '/api/{account}/media/uploads/{upload}/status',
    upload: 'ofapi_media_1',
    status: 200,
    at: 0,
  }

  test.each([
    [request, '16:18:05  200 GET /api/{account}/media/uploads/{upload}/status ofapi_media_1'],
    [
      { ...request, status: null, upload: null },
      '16:18:05  --- GET /api/{account}/media/uploads/{upload}/status',
    ],
    [{ ...request, status: 404, path: null, upload: null }, '16:18:05  404 GET (no such path)'],
    [
      {
        kind: 'delivery',
        id: 'd',
        webhook: 'webhook_1',
        event: 'media_uploads.failed',
        eventId: 'evt_1',
        account: 'acct_1',
        upload: 'ofapi_media_1',
        sender: 'vendor',
        attempt: 1,
        status: null,
        at: 0,
      } as const,
      '16:18:05  --- webhook media_uploads.failed ofapi_media_1',
    ],
    [{ kind: 'warning', message: 'be\u0007ware' } as const, '16:18:05  warning: be ware'],
  ])('has a line for %j', (event, line) => {
    expect(sandboxLogLine(event, time)).toBe(line)
  })
})
