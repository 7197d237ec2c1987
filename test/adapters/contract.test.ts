import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { left, right } from 'fp-ts/Either'
import {
  uploadView,
  waitingView,
  type CompletedUpload,
  type UploadStatus,
  type UploadView,
} from 'rx-upload-status'
import { expired } from '../../src/failure/failure'
import { isSettled } from '../../src/view/uploadView'
import { completedOn, onBothPlatforms } from '../platforms'
import { newsArbitrary, type News } from '../watch/newsArbitrary'
import type { Shown } from './adapter'
import { pipeRecipe, signalRecipe } from './angular'
import { core } from './core'
import { react18, react19, reactAdapter } from './react'
import { scriptedSource } from './scriptedSource'
import { svelteRecipe } from './svelte'
import { vue33, vue35, vueAdapter } from './vue'

/** All but the time, which is the wall's. */
const told = ({ phase, status, failure, isPolling, isPaused }: UploadView): object => ({
  phase,
  status,
  failure,
  isPolling,
  isPaused,
})

const last = (shown: readonly Shown[]): object => told(shown.at(-1)?.[1] ?? waitingView)

const phases = (shown: readonly Shown[]): readonly string[] =>
  shown
    .map(([upload, { phase }]) => `${upload ?? ''} ${phase}`)
    .filter((each, nth, all) => each !== all[nth - 1])

const adapters = [
  core,
  reactAdapter(react19),
  reactAdapter(react18),
  vueAdapter(vue35),
  vueAdapter(vue33),
  svelteRecipe,
  signalRecipe,
  pipeRecipe,
]

const started: News = { _tag: 'AttemptStarted', attempt: 1, late: 0 }

const shownBy = adapters.flatMap(adapter => onBothPlatforms.map(each => ({ ...adapter, ...each })))

describe.each(shownBy)(
  'an upload to $platform that is shown by $name',
  ({ act, mount, ...each }) => {
    const a = each.upload
    const b = `${a}2`
    const [pending, processing] = (['pending', 'processing'] as const).map(
      (status): UploadStatus => ({ status, prefixed_id: a }),
    ) as [UploadStatus, UploadStatus]
    const completed = completedOn(each) as CompletedUpload
    test('waits, and then is what it is said to be, to its end', async () => {
      const source = scriptedSource()
      const { shown, unmount } = await mount(source, a)
      expect(shown.map(([, view]) => view)).toEqual([
        expect.objectContaining({ ...waitingView, isPolling: false }),
      ])
      for (const status of [pending, processing, completed])
        await act(() => {
          source.say(a, right(status))
        })
      expect(phases(shown)).toEqual([
        `${a} waiting`,
        `${a} pending`,
        `${a} processing`,
        `${a} completed`,
      ])
      expect(source.followed()).toEqual([])
      await unmount()
    })

    test('has the identity of its media as sent', async () => {
      const source = scriptedSource()
      const { shown, unmount } = await mount(source, a)
      await act(() => {
        source.say(a, right(completed))
      })
      const [, view] = shown.at(-1) ?? [null, waitingView]
      expect([view.phase, JSON.stringify(view.status)]).toEqual([
        'completed',
        JSON.stringify(completed),
      ])
      expect(JSON.stringify(view.status)).toContain(`"id":${each.identity}`)
      await unmount()
    })

    test('shows what is learned at once, and once', async () => {
      const source = scriptedSource()
      const { shown, unmount } = await mount(source, a)
      const before = shown.length
      await act(() => {
        source.say(a, right(pending))
      })
      expect(shown).toHaveLength(before + 1)
      await act(() => {
        source.say(a, right(pending))
      })
      expect(shown).toHaveLength(before + 1)
      await unmount()
    })

    test('shows a failure, with the last status and a time', async () => {
      const source = scriptedSource()
      const { shown, unmount } = await mount(source, a)
      const before = Date.now()
      for (const news of [right(processing), left(expired(9))])
        await act(() => {
          source.say(a, news)
        })
      const [, view] = shown.at(-1) ?? []
      expect(view).toMatchObject({ phase: 'unknown', status: processing, failure: expired(9) })
      expect(view?.since).toBeGreaterThanOrEqual(before)
      expect(view?.since).toBeLessThanOrEqual(Date.now())
      await unmount()
    })

    test('tells of requests and pauses', async () => {
      const source = scriptedSource()
      const { shown, unmount } = await mount(source, a)
      await act(() => {
        source.say(a, started)
      })
      expect(last(shown)).toMatchObject({ isPolling: true, isPaused: false })
      await act(() => {
        source.say(a, { _tag: 'Paused' })
      })
      expect(last(shown)).toMatchObject({ isPolling: false, isPaused: true })
      await unmount()
    })

    test('is followed by one while it is shown, and by nobody after', async () => {
      const source = scriptedSource()
      const { shown, unmount } = await mount(source, a)
      expect(source.followed()).toEqual([a])
      await unmount()
      expect(source.followed()).toEqual([])
      const before = shown.length
      await act(() => {
        source.say(a, right(pending))
      })
      expect(shown).toHaveLength(before)
    })

    test('is never shown in the state of the one before', async () => {
      const source = scriptedSource()
      const { shown, change, unmount } = await mount(source, a)
      await act(() => {
        source.say(a, right(processing))
      })
      await change(b)
      expect(source.followed()).toEqual([b])
      await act(() => {
        source.say(a, right(completed))
      })
      await act(() => {
        source.say(b, right(pending))
      })
      expect(phases(shown)).toEqual([
        `${a} waiting`,
        `${a} processing`,
        `${b} waiting`,
        `${b} pending`,
      ])
      await unmount()
    })

    test('is what the fold makes of all that was said', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(newsArbitrary, { maxLength: 12 }), async all => {
          const source = scriptedSource()
          const { shown, unmount } = await mount(source, a)
          let view: UploadView = waitingView
          for (const news of all) {
            // After an end a source says no more.
            if (!isSettled(view)) view = uploadView(view, news, 0)
            await act(() => {
              source.say(a, news)
            })
            expect(last(shown)).toEqual(told(view))
          }
          await unmount()
          expect(source.followed()).toEqual([])
        }),
        { numRuns: 25 },
      )
    })
  },
)
