import { describe, expect, test } from '@jest/globals'
import { clientRate } from '../../src/client'
import { duration, ratePerMinute } from '../../src/cli/commands/optionValues'
import { helpText } from '../../src/cli/help'
import { sandboxDefaults, sandboxDurations } from '../../src/sandbox/sandboxOptions'
import { vendorUrl } from '../../src/api/endpoint'
import { settingsOf } from '../../src/options'

const host = {
  argv: ['node', '/app/node_modules/.bin/rx-upload-status'],
  cwd: () => '/app',
}
const topics = [null, 'watch', 'work', 'sandbox', 'demo', 'completion'] as const

describe.each(topics)('the help for %s', topic => {
  const text = helpText(topic, host)

  test('has the usage, the flags and examples', () => {
    expect(text).toMatch(/^Usage: npx rx-upload-status/m)
    expect(text).toMatch(/^Flags\n/m)
    expect(text).toMatch(/^Examples\n {2}npx rx-upload-status /m)
    expect(text.endsWith('\n')).toBe(true)
  })

  test('is no wider than 100 columns', () => {
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })
})

describe('the help', () => {
  const defaultOf = (topic: (typeof topics)[number], flag: string): string =>
    new RegExp(`${flag} .*default: ([^\\s),]+)`).exec(helpText(topic, host))?.[1] ?? ''

  test('has the defaults of a watch', () => {
    expect(ratePerMinute.parse(defaultOf('watch', '--rate'))).toBe(clientRate)
    const { deadline, attemptTimeout, notFoundGrace } = settingsOf({})
    expect(defaultOf('watch', '--base-url')).toBe(vendorUrl)
    expect(duration.parse(defaultOf('watch', '--deadline'))).toBe(deadline)
    expect(duration.parse(defaultOf('watch', '--attempt-timeout'))).toBe(attemptTimeout)
    expect(duration.parse(defaultOf('watch', '--not-found-grace'))).toBe(notFoundGrace)
  })

  test('has the defaults of a sandbox', () => {
    const { pending, processing } = sandboxDurations
    expect(duration.parse(defaultOf('sandbox', '--pending'))).toBe(pending)
    expect(duration.parse(defaultOf('sandbox', '--processing'))).toBe(processing)
    expect(Number(defaultOf('sandbox', '--failure-rate'))).toBe(sandboxDefaults.failureRate)
    expect(Number(defaultOf('sandbox', '--seed'))).toBe(sandboxDefaults.seed)
  })
})
