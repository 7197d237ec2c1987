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

/** A detector whose jitter is always the maximum: it waits 500 ms, 1 s, 2 s, 4 s, 5 s. */
const detector = (): OutageDetector => outageDetector(() => 1)

/** A detector in an outage that began at 0: the first probe may start at 500. */
const inOutage = (): OutageDetector => {
  const outage = detector()
  outage.unanswered(refused, 'a', 0)
  outage.unanswered(refused, 'b', 0)
  return outage
}

describe('outageDetector', () => {
  test('reports no outage before a request fails', () => {
    const outage = detector()
    expect([outage.isOut(), outage.probeAt()]).toEqual([false, -Infinity])
  })

  test('reports an outage after requests for two uploads get no answer', () => {
    const outage = inOutage()
    expect([outage.isOut(), outage.probeAt()]).toEqual([true, 500])
  })

  test('reports no outage if only one upload fails, however often', () => {
    const outage = detector()
    for (let now = 0; now < 10; now += 1) outage.unanswered(refused, 'a', now)
    expect([outage.isOut(), outage.probeAt()]).toEqual([false, -Infinity])
  })

  test('reports no outage if an answer arrives between the failures of two uploads', () => {
    const outage = detector()
    outage.unanswered(refused, 'a', 0)
    expect(outage.answered(1)).toBe(false)
    outage.unanswered(refused, 'b', 2)
    expect(outage.isOut()).toBe(false)
  })

  test.each([
    ['a refused connection', refused],
    ['a lost connection', unreachable('ECONNRESET')],
    ['a timeout of the headers', timedOut('headers', 10_000)],
  ])('reports an outage after %s', (_, failure) => {
    const outage = detector()
    outage.unanswered(failure, 'a', 0)
    outage.unanswered(failure, 'b', 0)
    expect(outage.isOut()).toBe(true)
  })

  test.each([
    ['a rejected certificate', unreachable('CERT_HAS_EXPIRED', true)],
    ['a shortage of file descriptors', unreachable('EMFILE')],
    ['a slow body', timedOut('body', 10_000)],
    ['a slow API key', timedOut('apiKey', 10_000)],
    ['a 503', unavailable(503)],
    ['a 429', throttled(1_000)],
    ['a 403', rejected(403)],
    ['an invalid answer', malformed('notJson')],
  ])('reports no outage after %s', (_, failure) => {
    const outage = detector()
    outage.unanswered(failure, 'a', 0)
    outage.unanswered(failure, 'b', 0)
    expect(outage.isOut()).toBe(false)
  })

  test('doubles the wait after each failed probe, up to 5 s', () => {
    const outage = inOutage()
    const waits = Array.from({ length: 6 }, () => {
      const now = outage.probeAt()
      outage.unanswered(refused, 'a', now)
      return outage.probeAt() - now
    })
    expect(waits).toEqual([1_000, 2_000, 4_000, 5_000, 5_000, 5_000])
  })

  test('counts simultaneous failures as one', () => {
    const outage = inOutage()
    outage.unanswered(refused, 'c', 1)
    outage.unanswered(refused, 'd', 499)
    expect(outage.probeAt()).toBe(500)
  })

  test('ends the outage on an answer, and returns true if it answers a probe', () => {
    const outage = inOutage()
    expect(outage.answered(500)).toBe(true)
    expect([outage.isOut(), outage.probeAt()]).toEqual([false, -Infinity])
    expect(outage.answered(501)).toBe(false)
  })

  test('returns false for an answer before the first probe', () => {
    expect(inOutage().answered(499)).toBe(false)
  })

  test('returns true for any answer after a failed probe', () => {
    const outage = inOutage()
    outage.unanswered(refused, 'a', 500)
    expect(outage.answered(501)).toBe(true)
  })

  test('starts the next outage with the shortest wait', () => {
    const outage = inOutage()
    outage.unanswered(refused, 'a', 500)
    outage.answered(2_000)
    outage.unanswered(refused, 'a', 3_000)
    outage.unanswered(refused, 'b', 3_000)
    expect(outage.probeAt()).toBe(3_500)
  })

  test('applies jitter to the wait before a probe', () => {
    const outage = outageDetector(() => 0.5)
    outage.unanswered(refused, 'a', 0)
    outage.unanswered(refused, 'b', 0)
    expect(outage.probeAt()).toBe(250)
  })
})
