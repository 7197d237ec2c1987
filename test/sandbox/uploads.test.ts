import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { pending } from '../../src/sandbox'
import { createUploadStore, isFinished, type Upload } from '../../src/sandbox/uploads'

const timed = (id: string, endAt: number): Upload => ({
  account: 'acct_1',
  id,
  endpoint: 'vault',
  fileName: 'a.jpg',
  acceptedAt: 0,
  creditsUsed: 3,
  plan: { kind: 'timed', timeline: { processingAt: 0, endAt, end: 'completed' }, error: '' },
  push: null,
})

const scripted = (id: string, polls: number): Upload => ({
  ...timed(id, 0),
  plan: { kind: 'scripted', scenario: [pending(), pending()], polls },
})

describe('the upload store', () => {
  test('never exceeds its capacity, and removes only finished uploads', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.nat(20), { maxLength: 30 }),
        (most, ends) => {
          const uploads = createUploadStore(most)
          const stored = new Map<string, Upload>()
          ends.forEach((endAt, now) => {
            const upload = timed(String(now), now + endAt)
            if (uploads.add(upload, now)) stored.set(upload.id, upload)
            expect(uploads.size()).toBeLessThanOrEqual(most)
            for (const each of stored.values()) {
              if (!isFinished(each, now)) expect(uploads.find('acct_1', each.id)).toBe(each)
            }
          })
        },
      ),
    )
  })

  test('removes the upload that finished first', () => {
    const uploads = createUploadStore(3)
    for (const upload of [timed('live', 100), timed('old', 5), timed('new', 1)]) {
      uploads.add(upload, 0)
    }
    expect(uploads.add(timed('next', 100), 10)).toBe(true)
    expect(['live', 'old', 'new', 'next'].map(id => uploads.has(id))).toEqual([
      true,
      false,
      true,
      true,
    ])
  })

  test('refuses another upload if none is finished', () => {
    const uploads = createUploadStore(1)
    uploads.add(timed('live', 100), 0)
    expect(uploads.add(timed('next', 100), 99)).toBe(false)
    expect(uploads.add(timed('next', 100), 100)).toBe(true)
  })

  test('finds an upload only under its own account', () => {
    const uploads = createUploadStore(1)
    uploads.add(timed('a', 1), 0)
    expect(uploads.find('acct_2', 'a')).toBeUndefined()
    expect(uploads.find('acct_1', 'b')).toBeUndefined()
  })

  test('considers a scripted upload finished after its last answer', () => {
    expect([0, 1, 2, 3].map(polls => isFinished(scripted('a', polls), 1e9))).toEqual([
      false,
      false,
      true,
      true,
    ])
  })
})
