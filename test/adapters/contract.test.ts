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

/** A view without its time, which comes from the wall clock. */
const withoutTime = ({ phase, status, failure, isPolling, isPaused }: UploadView): object => ({
  phase,
  status,
  failure,
  isPolling,
  isPaused,
})

const last = (shown: readonly Shown[]): object => withoutTime(shown.at(-1)?.[1] ?? waitingView)

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

describe.each(shownBy)('an upload to $platform, shown by $name', ({ act, mount, ...each }) => {
  const a = each.upload
  const b = `${a}2`
  const [pending, processing] = (['pending', 'processing'] as const).map(
    (status): UploadStatus => ({ status, prefixed_id: a }),
  ) as [UploadStatus, UploadStatus]
  const completed = completedOn(each) as CompletedUpload
  test('waits and then shows each status until the terminal one', async () => {
    const source = scriptedSource()
    const { shown, unmount } = await mount(source, a)
    expect(shown.map(([, view]) => view)).toEqual([
      expect.objectContaining({ ...waitingView, isPolling: false }),
    ])
    for (const status of [pending, processing, completed])
      await act(() => {
        source.emit(a, right(status))
      })
    expect(phases(shown)).toEqual([
      `${a} waiting`,
      `${a} pending`,
      `${a} processing`,
      `${a} completed`,
    ])
    expect(source.watched()).toEqual([])
    await unmount()
  })

  test('shows its media id unchanged', async () => {
    const source = scriptedSource()
    const { shown, unmount } = await mount(source, a)
    await act(() => {
      source.emit(a, right(completed))
    })
    const [, view] = shown.at(-1) ?? [null, waitingView]
    expect([view.phase, JSON.stringify(view.status)]).toEqual([
      'completed',
      JSON.stringify(completed),
    ])
    expect(JSON.stringify(view.status)).toContain(`"id":${each.identity}`)
    await unmount()
  })

  test('shows a new status immediately and once', async () => {
    const source = scriptedSource()
    const { shown, unmount } = await mount(source, a)
    const before = shown.length
    await act(() => {
      source.emit(a, right(pending))
    })
    expect(shown).toHaveLength(before + 1)
    await act(() => {
      source.emit(a, right(pending))
    })
    expect(shown).toHaveLength(before + 1)
    await unmount()
  })

  test('shows a failure with the last status and the time', async () => {
    const source = scriptedSource()
    const { shown, unmount } = await mount(source, a)
    const before = Date.now()
    for (const news of [right(processing), left(expired(9))])
      await act(() => {
        source.emit(a, news)
      })
    const [, view] = shown.at(-1) ?? []
    expect(view).toMatchObject({ phase: 'unknown', status: processing, failure: expired(9) })
    expect(view?.since).toBeGreaterThanOrEqual(before)
    expect(view?.since).toBeLessThanOrEqual(Date.now())
    await unmount()
  })

  test('shows whether it is polling or paused', async () => {
    const source = scriptedSource()
    const { shown, unmount } = await mount(source, a)
    await act(() => {
      source.emit(a, started)
    })
    expect(last(shown)).toMatchObject({ isPolling: true, isPaused: false })
    await act(() => {
      source.emit(a, { _tag: 'Paused' })
    })
    expect(last(shown)).toMatchObject({ isPolling: false, isPaused: true })
    await unmount()
  })

  test('is watched once while mounted, and not after unmount', async () => {
    const source = scriptedSource()
    const { shown, unmount } = await mount(source, a)
    expect(source.watched()).toEqual([a])
    await unmount()
    expect(source.watched()).toEqual([])
    const before = shown.length
    await act(() => {
      source.emit(a, right(pending))
    })
    expect(shown).toHaveLength(before)
  })

  test('is never shown in the state of the previous upload', async () => {
    const source = scriptedSource()
    const { shown, change, unmount } = await mount(source, a)
    await act(() => {
      source.emit(a, right(processing))
    })
    await change(b)
    expect(source.watched()).toEqual([b])
    await act(() => {
      source.emit(a, right(completed))
    })
    await act(() => {
      source.emit(b, right(pending))
    })
    expect(phases(shown)).toEqual([
      `${a} waiting`,
      `${a} processing`,
      `${b} waiting`,
      `${b} pending`,
    ])
    await unmount()
  })

  test('equals the fold of all values and events', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(newsArbitrary, { maxLength: 12 }), async all => {
        const source = scriptedSource()
        const { shown, unmount } = await mount(source, a)
        let view: UploadView = waitingView
        for (const news of all) {
          // A source emits nothing after an end.
          if (!isSettled(view)) view = uploadView(view, news, 0)
          await act(() => {
            source.emit(a, news)
          })
          expect(last(shown)).toEqual(withoutTime(view))
        }
        await unmount()
        expect(source.watched()).toEqual([])
      }),
      { numRuns: 25 },
    )
  })
})
