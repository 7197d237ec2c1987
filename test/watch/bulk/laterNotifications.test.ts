import { expect, test } from '@jest/globals'
import {
  laterNotifications,
  type LaterNotifications,
} from '../../../src/watch/bulk/laterNotifications'
import { marbles } from '../../marbles'

const one = { account: 'acct_1', upload: 'u1' }
const other = { account: 'acct_1', upload: 'u2' }

/** Runs a test with the followers `a` and `b`, and returns the notifications that they received. */
const received = (
  play: (later: LaterNotifications<string>, note: (name: string) => () => void) => void,
): readonly string[] => {
  const seen: string[] = []
  marbles(() => {
    play(laterNotifications(), name => () => {
      seen.push(name)
    })
    expect(seen).toEqual([])
  })
  return seen
}

test('each follower is notified once for each upload, in a later turn', () => {
  const seen = received((later, note) => {
    later.schedule(one, 'a', note('a1'))
    later.schedule(other, 'a', note('a2'))
    later.schedule(one, 'b', note('b1'))
  })
  expect(seen).toEqual(['a1', 'a2', 'b1'])
})

test('a later notification of the same upload replaces the earlier one', () => {
  const seen = received((later, note) => {
    later.schedule(one, 'a', note('earlier'))
    later.schedule(one, 'a', note('later'))
  })
  expect(seen).toEqual(['later'])
})

test('cancel returns whether a notification of the upload was scheduled', () => {
  const seen = received((later, note) => {
    expect(later.cancel(one, 'a')).toBe(false)
    later.schedule(one, 'a', note('a1'))
    later.schedule(other, 'a', note('a2'))
    later.schedule(one, 'b', note('b1'))
    expect(later.cancel({ ...one, account: 'acct_2' }, 'a')).toBe(false)
    expect([later.cancel(one, 'a'), later.cancel(one, 'a')]).toEqual([true, false])
    expect([later.cancel(other, 'a'), later.cancel(other, 'a')]).toEqual([true, false])
  })
  expect(seen).toEqual(['b1'])
})

test('cancel returns false within the notification itself', () => {
  const seen = received((later, note) => {
    later.schedule(one, 'a', () => {
      note(`a1 ${String(later.cancel(one, 'a'))}`)()
      later.schedule(one, 'a', note('again'))
    })
  })
  expect(seen).toEqual(['a1 false', 'again'])
})
