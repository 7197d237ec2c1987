import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  uploadView,
  uploadViews,
  viewIn,
  waitingView,
  type TrackedStatus,
  type UploadRef,
  type UploadView,
  type UploadViews,
  type WatchEvent,
} from 'rx-upload-status'
import { namesOf, viewsOf } from '../../src/view/uploadViews'
import { newsArbitrary, type News } from '../watch/newsArbitrary'

// Unlikely ids: joined with a slash, two of these are the same.
const refs: readonly UploadRef[] = [
  { account: 'a', upload: 'b/c' },
  { account: 'a/b', upload: 'c' },
  { account: 'a', upload: '__proto__' },
  { account: 'a', upload: 'b' },
]

const about = (ref: UploadRef, news: News): TrackedStatus | WatchEvent =>
  news._tag === 'Left' || news._tag === 'Right'
    ? { ...ref, status: news }
    : { ...news, ...ref, at: 7 }

const learned = fc.array(fc.tuple(fc.constantFrom(...refs), newsArbitrary), { maxLength: 40 })

describe('uploadViews', () => {
  test('contains for each upload the view that uploadView would return for it alone', () => {
    fc.assert(
      fc.property(learned, all => {
        const views = all.reduce<UploadViews>(
          (before, [ref, news], at) => uploadViews(before, about(ref, news), at),
          new Map(),
        )
        for (const ref of refs) {
          const alone = all.reduce<UploadView>(
            (view, [{ account, upload }, news], at) =>
              account === ref.account && upload === ref.upload ? uploadView(view, news, at) : view,
            waitingView,
          )
          expect(viewIn(views, ref)).toEqual({ ...ref, ...alone })
        }
      }),
      { numRuns: 300 },
    )
  })

  test('replaces only the view that changed', () => {
    fc.assert(
      fc.property(learned, all => {
        all.reduce<UploadViews>((before, [ref, news], at) => {
          const after = uploadViews(before, about(ref, news), at)
          const changed = [...after].filter(([name, view]) => before.get(name) !== view)
          expect(changed.every(([, view]) => view.upload === ref.upload)).toBe(true)
          expect(changed.length).toBe(after === before ? 0 : 1)
          return after
        }, new Map())
      }),
      { numRuns: 300 },
    )
  })

  test('has a waiting view before the first value of an upload', () => {
    expect(viewIn(new Map(), { account: 'a', upload: 'b' })).toEqual({
      account: 'a',
      upload: 'b',
      ...waitingView,
    })
  })

  test('starts with the known views of the given uploads, neither polling nor paused', () => {
    fc.assert(
      fc.property(learned, fc.subarray([...refs]), (all, shown) => {
        const known = all.reduce<UploadViews>(
          (before, [ref, news], at) => uploadViews(before, about(ref, news), at),
          new Map(),
        )
        const resting = { isPolling: false, isPaused: false }
        expect([...viewsOf(shown, known).values()]).toEqual(
          shown.map(ref => ({ ...viewIn(known, ref), ...resting })),
        )
        expect([...viewsOf(shown).values()]).toEqual(shown.map(ref => viewIn(new Map(), ref)))
      }),
    )
  })
})

test('namesOf is equal for two lists only if they contain the same uploads in the same order', () => {
  const list = fc.array(fc.constantFrom(...refs), { maxLength: 4 })
  fc.assert(
    fc.property(list, list, (one, other) => {
      const isSame = JSON.stringify(one) === JSON.stringify(other)
      expect(namesOf(one.map(ref => ({ ...ref }))) === namesOf(other)).toBe(isSame)
    }),
  )
})
