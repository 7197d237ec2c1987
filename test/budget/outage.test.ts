import { describe, expect, test } from '@jest/globals'
import { outageDetector, type OutageDetector } from '../../src/budget/outage'
import {
  malformed,
  rejected,
  throttled,
  timedOut,
  unavailable,
  unreachable,
} from '../../src/failure/failure'

const refused = unreachable('ECONNREFUSED')

/** A detector whose backoff takes its whole bound: 500 ms, 1 s, 2 s, 4 s, 5 s. */
const detector = (): OutageDetector => outageDetector(() => 1)

/** A detector in an outage that began at 0: the first probe may start at 500. */
const inOutage = (): OutageDetector => {
  const outage = detector()
  outage.unanswered(refused, 'a', 0)
  outage.unanswered(refused, 'b', 0)
  return outage
}

describe('an outage', () => {
  test('does not begin before a request failed', () => {
    const outage = detector()
    expect([outage.isOut(), outage.probeAt()]).toEqual([false, -Infinity])
  })

  test('begins when requests for two uploads got no answer', () => {
    const outage = inOutage()
    expect([outage.isOut(), outage.probeAt()]).toEqual([true, 500])
  })

  test('does not begin with one upload, however often its request fails', () => {
    const outage = detector()
    for (let now = 0; now < 10; now += 1) outage.unanswered(refused, 'a', now)
    expect([outage.isOut(), outage.probeAt()]).toEqual([false, -Infinity])
  })

  test('does not begin if there was an answer between the two failures', () => {
    const outage = detector()
    outage.unanswered(refused, 'a', 0)
    expect(outage.answered(1)).toBe(false)
    outage.unanswered(refused, 'b', 2)
    expect(outage.isOut()).toBe(false)
  })

  test.each([
    ['a refused connection', refused],
    ['a lost connection', unreachable('ECONNRESET')],
    ['silence until the timeout', timedOut('headers', 10_000)],
  ])('begins with %s', (_, failure) => {
    const outage = detector()
    outage.unanswered(failure, 'a', 0)
    outage.unanswered(failure, 'b', 0)
    expect(outage.isOut()).toBe(true)
  })

  test.each([
    ['a certificate', unreachable('CERT_HAS_EXPIRED', true)],
    ['a shortage of file descriptors', unreachable('EMFILE')],
    ['a slow body', timedOut('body', 10_000)],
    ['a slow key', timedOut('apiKey', 10_000)],
    ['a 503', unavailable(503)],
    ['a 429', throttled(1_000)],
    ['a 403', rejected(403)],
    ['nonsense', malformed('notJson')],
  ])('does not begin with %s', (_, failure) => {
    const outage = detector()
    outage.unanswered(failure, 'a', 0)
    outage.unanswered(failure, 'b', 0)
    expect(outage.isOut()).toBe(false)
  })

  test('waits longer after each failed probe, up to 5 s', () => {
    const outage = inOutage()
    const waits = Array.from({ length: 6 }, () => {
      const now = outage.probeAt()
      outage.unanswered(refused, 'a', now)
      return outage.probeAt() - now
    })
    expect(waits).toEqual([1_000, 2_000, 4_000, 5_000, 5_000, 5_000])
  })

  test('counts requests that fail together as one failure', () => {
    const outage = inOutage()
    outage.unanswered(refused, 'c', 1)
    outage.unanswered(refused, 'd', 499)
    expect(outage.probeAt()).toBe(500)
  })

  test('ends with an answer, and the answer to a probe says so', () => {
    const outage = inOutage()
    expect(outage.answered(500)).toBe(true)
    expect([outage.isOut(), outage.probeAt()]).toEqual([false, -Infinity])
    expect(outage.answered(501)).toBe(false)
  })

  test('that was never probed ends in silence', () => {
    expect(inOutage().answered(499)).toBe(false)
  })

  test('whose probe failed ends with any later answer', () => {
    const outage = inOutage()
    outage.unanswered(refused, 'a', 500)
    expect(outage.answered(501)).toBe(true)
  })

  test('starts again with the shortest wait', () => {
    const outage = inOutage()
    outage.unanswered(refused, 'a', 500)
    outage.answered(2_000)
    outage.unanswered(refused, 'a', 3_000)
    outage.unanswered(refused, 'b', 3_000)
    expect(outage.probeAt()).toBe(3_500)
  })

  test('spreads its probes at random', () => {
    const outage = outageDetector(() => 0.5)
    outage.unanswered(refused, 'a', 0)
    outage.unanswered(refused, 'b', 0)
    expect(outage.probeAt()).toBe(250)
  })
})
