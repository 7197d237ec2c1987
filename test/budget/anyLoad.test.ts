import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { minute } from './budgets'
import { simulate, budgets, jobs } from './simulation'

describe('a budget under any load', () => {
  test('admits no more than perMinute from the start of a request to a minute after its end', () => {
    fc.assert(
      fc.property(budgets, jobs, (options, asked) => {
        const { starts } = simulate(options, asked)
        for (const [at, { started }] of starts.entries()) {
          const counted = starts.slice(0, at + 1).filter(run => run.ended + minute > started)
          expect(counted.length).toBeLessThanOrEqual(options.perMinute)
        }
      }),
    )
  })

  test('stays within a limit that the server counts in any minute, at any moment of a request', () => {
    const moment = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(budgets, jobs, fc.array(moment, { minLength: 1 }), (options, asked, moments) => {
        const counted = simulate(options, asked)
          .starts.map(({ started, ended }, at) => {
            const part = moments[at % moments.length] ?? 0
            return ended === Infinity ? started : started + part * (ended - started)
          })
          .sort((a, b) => a - b)
        for (const from of counted) {
          const within = counted.filter(time => time >= from && time < from + minute)
          expect(within.length).toBeLessThanOrEqual(options.perMinute)
        }
      }),
    )
  })

  test('never has more than inFlight requests running at the same time', () => {
    fc.assert(
      fc.property(budgets, jobs, (options, asked) => {
        const { starts } = simulate(options, asked)
        for (const { started } of starts) {
          const running = starts.filter(run => run.started <= started && run.ended > started)
          expect(running.length).toBeLessThanOrEqual(options.inFlight)
        }
      }),
    )
  })

  test('spreads the requests beyond its burst evenly over the minute', () => {
    fc.assert(
      fc.property(budgets, jobs, (options, asked) => {
        const { starts } = simulate(options, asked)
        for (const [from, first] of starts.entries())
          for (const [at, { started }] of starts.slice(from).entries()) {
            const earned = ((started - first.started) * options.perMinute) / minute
            expect(at + 1).toBeLessThanOrEqual(options.burst + earned + 1e-6)
          }
      }),
    )
  })

  test('starts requests in the order of subscription', () => {
    fc.assert(
      fc.property(budgets, jobs, (options, asked) => {
        const { runs, starts } = simulate(options, asked)
        expect(starts).toEqual(runs.filter(run => run.started < Infinity))
      }),
    )
  })

  test('starts each request as soon as the limits allow, so that none starves', () => {
    fc.assert(
      fc.property(budgets, jobs, ({ perMinute, burst, inFlight }, asked) => {
        const { runs, starts } = simulate({ perMinute, burst, inFlight }, asked)
        const countedAt = (time: number): number =>
          starts.filter(run => run.started <= time && run.ended + minute > time).length
        const isQueuedAt = (time: number): boolean =>
          runs.some(run => run.at <= time && Math.min(run.started, run.leaves) > time)
        // Between these times nothing changes but the tokens earned.
        const changes = [
          ...new Set(
            runs.flatMap(run => [run.at, run.started, run.leaves, run.ended, run.ended + minute]),
          ),
        ].sort((a, b) => a - b)
        const most = Math.min(burst, perMinute)
        const savedAt = (time: number): number => {
          let [saved, at] = [most, 0]
          for (const next of [...changes.filter(change => change < time), time]) {
            const isIdle = !isQueuedAt(at) && countedAt(at) < perMinute
            const earned = ((next - at) * perMinute) / minute
            saved = Math.max(saved, Math.min(isIdle ? most : 1, saved + earned))
            saved -= starts.filter(run => run.started === next).length
            at = next
          }
          return saved
        }
        const isFree = (time: number): boolean => {
          const begun = starts.filter(run => run.started <= time)
          return (
            begun.filter(run => run.ended > time).length < inFlight &&
            begun.filter(run => run.ended + minute > time).length < perMinute &&
            savedAt(time) >= 1
          )
        }
        let head = 0
        for (const { at, started, leaves } of runs) {
          head = Math.max(head, at)
          const until = Math.min(started, leaves)
          // Waits are rounded up to whole milliseconds.
          if (until - 2 > head) expect(isFree(until - 2)).toBe(false)
          head = Math.max(head, until)
        }
        for (const { started, leaves } of runs)
          if (leaves === Infinity) expect(started).toBeLessThan(Infinity)
      }),
    )
  })

  test('leaves no timer after every request has ended or was unsubscribed', () => {
    fc.assert(
      fc.property(budgets, jobs, (options, asked) => {
        const { runs, last } = simulate(options, asked)
        const over = runs.map(run => Math.max(run.at, Math.min(run.ended, run.leaves)))
        expect(last).toBe(Math.max(0, ...over))
      }),
    )
  })
})
