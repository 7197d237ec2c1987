import { describe, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import { right } from 'fp-ts/Either'
import { NEVER, of, throwError } from 'rxjs'
import { uploadView, uploadView$, uploadViews$, waitingView } from 'rx-upload-status'
import type { UploadView } from 'rx-upload-status'
import { isSettled } from '../../src/view/uploadView'
import { viewStores } from '../../src/view/viewStores'
import { account, scriptedSource } from '../adapters/scriptedSource'
import { completed, pending } from '../answers'
import { newsArbitrary, type News } from '../watch/newsArbitrary'

const started: News = { _tag: 'AttemptStarted', attempt: 1, late: 0 }
const scheduled: News = { _tag: 'PollScheduled', wait: 1, polls: 1 }
const refs = ['a', 'b'].map(upload => ({ account, upload }))

describe('viewStores', () => {
  test('notifies of a poll without a new status only if isPolling was read', () => {
    const source = scriptedSource()
    const store = viewStores(source)(refs)
    const changed = jest.fn()
    const stop = store.subscribe(changed)
    source.emit('a', right(pending))
    expect(changed).toHaveBeenCalledTimes(1)
    const before = store.getSnapshot()
    for (const news of [started, scheduled, started]) source.emit('a', news)
    expect(changed).toHaveBeenCalledTimes(1)
    expect(store.getSnapshot()).toBe(before)
    // A read shows the current activity.
    expect(before[0]?.isPolling).toBe(true)
    source.emit('a', scheduled)
    expect(changed).toHaveBeenCalledTimes(2)
    expect(store.getSnapshot()[0]?.isPolling).toBe(false)
    expect(store.getSnapshot()[1]).toBe(before[1])
    source.emit('b', started)
    expect(changed).toHaveBeenCalledTimes(2)
    stop()
  })

  test('shows a change of every member but isPolling, also if isPolling was not read', () => {
    // Without the time, which comes from the wall clock.
    const membersOf = (view: object = waitingView): object =>
      Object.fromEntries(
        ['phase', 'status', 'failure', 'isPaused', 'isStalled'].map(name => [
          name,
          Reflect.get(view, name),
        ]),
      )
    fc.assert(
      fc.property(fc.array(newsArbitrary, { maxLength: 12 }), all => {
        const source = scriptedSource()
        const store = viewStores(source)(refs)
        let [shown] = store.getSnapshot()
        const stop = store.subscribe(() => {
          ;[shown] = store.getSnapshot()
        })
        let view: UploadView = waitingView
        for (const news of all) {
          if (!isSettled(view)) view = uploadView(view, news, 0)
          source.emit('a', news)
          expect(membersOf(shown)).toEqual(membersOf(view))
        }
        stop()
      }),
    )
  })

  test('starts with what the previous list learned after this one was created', () => {
    const source = scriptedSource()
    const storeOf = viewStores(source)
    const stopPrevious = storeOf(refs).subscribe(() => undefined)
    const next = storeOf([...refs, { account, upload: 'c' }])
    source.emit('a', right(completed))
    stopPrevious()
    const changed = jest.fn()
    const stop = next.subscribe(changed)
    expect(next.getSnapshot().map(({ phase }) => phase)).toEqual([
      'completed',
      'waiting',
      'waiting',
    ])
    expect(changed).toHaveBeenCalledTimes(1)
    expect(source.watched()).toEqual(['b', 'c'])
    stop()
  })

  test('throws a defect of the source from getSnapshot, for an error boundary', () => {
    const defect = new Error('a bug')
    const source = { uploadStatus$: () => NEVER, uploadStatuses$: () => throwError(() => defect) }
    const store = viewStores(source)(refs)
    expect(store.getSnapshot()).toHaveLength(2)
    const changed = jest.fn()
    store.subscribe(changed)()
    expect(changed).toHaveBeenCalledTimes(1)
    expect(store.getSnapshot).toThrow(defect)
  })
})

describe('uploadView$ and uploadViews$', () => {
  test('call the method of the source for one upload or for many', () => {
    const unused = (): never => {
      throw new Error('not this one')
    }
    const one = { uploadStatus$: () => of(right(completed)), uploadStatuses$: unused }
    const many = { uploadStatus$: unused, uploadStatuses$: () => NEVER }
    const phases: string[] = []
    uploadView$(one, account, 'a').subscribe(({ phase }) => phases.push(phase))
    uploadViews$(many, refs).subscribe(views => phases.push(...views.map(({ phase }) => phase)))
    expect(phases).toEqual(['waiting', 'completed', 'waiting', 'waiting'])
  })
})
