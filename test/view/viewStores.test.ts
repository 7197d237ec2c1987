import { describe, expect, jest, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { NEVER, of, throwError } from 'rxjs'
import { uploadView$, uploadViews$ } from 'rx-upload-status'
import { viewStores } from '../../src/view/viewStores'
import { account, scriptedSource } from '../adapters/scriptedSource'
import { completed, pending } from '../answers'
import type { News } from '../watch/newsArbitrary'

const started: News = { _tag: 'AttemptStarted', attempt: 1, late: 0 }
const scheduled: News = { _tag: 'PollScheduled', wait: 1, polls: 1 }
const refs = ['a', 'b'].map(upload => ({ account, upload }))

describe('a store of views', () => {
  test('changes for a poll without a new status only if isPolling was read', () => {
    const source = scriptedSource()
    const store = viewStores(source)(refs)
    const changed = jest.fn()
    const stop = store.subscribe(changed)
    source.say('a', right(pending))
    expect(changed).toHaveBeenCalledTimes(1)
    const before = store.getSnapshot()
    for (const news of [started, scheduled, started]) source.say('a', news)
    expect(changed).toHaveBeenCalledTimes(1)
    expect(store.getSnapshot()).toBe(before)
    // What is read is what goes on now.
    expect(before[0]?.isPolling).toBe(true)
    source.say('a', scheduled)
    expect(changed).toHaveBeenCalledTimes(2)
    expect(store.getSnapshot()[0]?.isPolling).toBe(false)
    expect(store.getSnapshot()[1]).toBe(before[1])
    source.say('b', started)
    expect(changed).toHaveBeenCalledTimes(2)
    stop()
  })

  test('throws a defect of its source when it is read, for an error boundary', () => {
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

describe('a stream of views', () => {
  test('calls the method of its source that fits', () => {
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
