import { describe, expect, test } from '@jest/globals'
import { clientRate } from '../../src/client'
import { perMinute } from '../../src/cli/amount'
import { duration } from '../../src/cli/display/format'
import { helpOn } from '../../src/cli/help'
import { sandboxDefaults, sandboxDurations } from '../../src/sandbox/options'
import { vendorUrl } from '../../src/model/endpoint'
import { settingsOf } from '../../src/options'

const command = 'npx rx-upload-status'
const topics = [null, 'watch', 'sandbox', 'demo'] as const

describe.each(topics)('the help on %s', topic => {
  const text = helpOn(topic, command)

  test('has its usage, its flags and examples', () => {
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
  const told = (topic: (typeof topics)[number], flag: string): string =>
    new RegExp(`${flag} .*default: ([^\\s),]+)`).exec(helpOn(topic, command))?.[1] ?? ''

  test('tells the defaults that hold for a watch', () => {
    expect(perMinute.read(told('watch', '--rate'))).toBe(clientRate)
    const { deadline, attemptTimeout, notFoundGrace } = settingsOf({})
    expect(told('watch', '--base-url')).toBe(vendorUrl)
    expect(duration.read(told('watch', '--deadline'))).toBe(deadline)
    expect(duration.read(told('watch', '--attempt-timeout'))).toBe(attemptTimeout)
    expect(duration.read(told('watch', '--not-found-grace'))).toBe(notFoundGrace)
  })

  test('tells the defaults that hold for a sandbox', () => {
    const { pending, processing } = sandboxDurations
    expect(duration.read(told('sandbox', '--pending'))).toBe(pending)
    expect(duration.read(told('sandbox', '--processing'))).toBe(processing)
    expect(Number(told('sandbox', '--failure-rate'))).toBe(sandboxDefaults.failureRate)
    expect(Number(told('sandbox', '--seed'))).toBe(sandboxDefaults.seed)
  })
})
