import type { ReactElement } from 'react'
import { describe, expect, jest, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { createUploadStatusClient, type TrackedView, type UploadRef } from 'rx-upload-status'
import {
  completed as sandboxCompleted,
  pending as sandboxPending,
  startSandbox,
} from 'rx-upload-status/sandbox'
import { completed, pending, processing } from '../answers'
import { place } from './load'
import { react18, react19 } from './react'
import { account, scriptedSource, type ScriptedSource } from './scriptedSource'

describe.each([react19, react18])('React $version', react => {
  const { act, Component, createElement, createRoot, hydrateRoot, renderToString, StrictMode } =
    react
  const { memo, UploadStatusProvider, useUploadStatus, useUploadStatuses } = react

  const acting = (work: () => void): Promise<void> =>
    act(() => {
      work()
      return Promise.resolve()
    })

  const Upload = ({ upload = 'a' }: { upload?: string | null }) =>
    createElement('p', null, useUploadStatus(account, upload).phase)

  const within = (source: ScriptedSource, ...children: readonly ReactElement[]) =>
    createElement(UploadStatusProvider, { source }, ...children)

  test('renders waiting views on a server and requests nothing', () => {
    const source = scriptedSource()
    expect(renderToString(within(source, createElement(Upload)))).toBe('<p>waiting</p>')
    expect(source.started()).toBe(0)
  })

  test('hydrates server markup without a mismatch and then shows new statuses', async () => {
    const source = scriptedSource()
    const complaint = jest.spyOn(console, 'error').mockImplementation(() => undefined)
    const element = place()
    const app = within(source, createElement(Upload))
    element.innerHTML = renderToString(app)
    const recovered = jest.fn()
    let root: ReturnType<typeof hydrateRoot> | undefined
    await acting(() => {
      root = hydrateRoot(element, app, { onRecoverableError: recovered })
    })
    await acting(() => {
      source.emit('a', right(pending))
    })
    expect(element.innerHTML).toBe('<p>pending</p>')
    expect(recovered).not.toHaveBeenCalled()
    expect(complaint).not.toHaveBeenCalled()
    complaint.mockRestore()
    await acting(() => root?.unmount())
  })

  test('sends no additional requests for StrictMode or a quick remount', async () => {
    const sandbox = await startSandbox({ accounts: [account] })
    const ref = sandbox.script(account, [sandboxPending(), sandboxCompleted()])
    const { apiKey, url: baseUrl } = sandbox
    let end = (): void => undefined
    const ended = new Promise<void>(resolve => (end = resolve))
    const source = createUploadStatusClient({
      apiKey,
      baseUrl,
      schedule: () => 1,
      on: ({ _tag }) => {
        if (_tag === 'Settled') end()
      },
    })
    const shown = (key: string) =>
      createElement(
        StrictMode,
        null,
        createElement(
          UploadStatusProvider,
          { source },
          createElement(Upload, { key, upload: ref.upload }),
        ),
      )
    const element = place()
    const root = createRoot(element)
    await acting(() => {
      root.render(shown('first'))
    })
    await acting(() => {
      root.render(shown('second'))
    })
    await act(() => ended)
    await acting(() => undefined)
    expect(element.innerHTML).toBe('<p>completed</p>')
    expect(sandbox.requests().filter(({ upload }) => upload === ref.upload)).toHaveLength(2)
    await acting(() => {
      root.unmount()
    })
    await sandbox.close()
  })

  test('waits and requests nothing while the upload is null', async () => {
    const source = scriptedSource()
    const element = place()
    const root = createRoot(element)
    await acting(() => {
      root.render(within(source, createElement(Upload, { upload: null })))
    })
    expect(element.innerHTML).toBe('<p>waiting</p>')
    expect(source.started()).toBe(0)
    await acting(() => {
      root.render(within(source, createElement(Upload)))
    })
    expect(source.watched()).toEqual(['a'])
    await acting(() => {
      root.unmount()
    })
  })

  test('does not restart a watch for options and lists created on each render', async () => {
    const source = scriptedSource()
    const Board = () =>
      createElement('p', null, useUploadStatuses([{ account, upload: 'a' }], { source })[0]?.phase)
    const root = createRoot(place())
    for (let times = 0; times < 3; times++)
      await acting(() => {
        root.render(createElement(Board))
      })
    expect(source.started()).toBe(1)
    await acting(() => {
      root.unmount()
    })
  })

  test('keeps the view of an upload that stays in a list, and does not watch an ended one again', async () => {
    const source = scriptedSource()
    const rows: string[] = []
    const Row = memo(({ view }: { view: TrackedView }) => {
      rows.push(`${view.upload} ${view.phase}`)
      return null
    })
    const Board = ({ uploads }: { uploads: readonly string[] }) =>
      useUploadStatuses(uploads.map((upload): UploadRef => ({ account, upload }))).map(view =>
        createElement(Row, { key: view.upload, view }),
      )
    const root = createRoot(place())
    const show = (...uploads: readonly string[]): Promise<void> =>
      acting(() => {
        root.render(
          createElement(UploadStatusProvider, { source }, createElement(Board, { uploads })),
        )
      })
    await show('a', 'b')
    expect(source.watched()).toEqual(['a', 'b'])
    await acting(() => {
      source.emit('a', right(completed))
      source.emit('b', right(processing))
    })
    await show('a', 'b', 'c')
    expect(source.watched()).toEqual(['b', 'c'])
    await show('c', 'a')
    expect(source.watched()).toEqual(['c'])
    expect(rows).toEqual(['a waiting', 'b waiting', 'a completed', 'b processing', 'c waiting'])
    await acting(() => {
      root.unmount()
    })
    expect(source.watched()).toEqual([])
  })

  test('names what is wrong with uploads of a caller without types', () => {
    const uploads = undefined as unknown as readonly UploadRef[]
    const Board = () => createElement('p', null, useUploadStatuses(uploads).length)
    expect(() => renderToString(within(scriptedSource(), createElement(Board)))).toThrow(
      'uploads must be a list of { account, upload }, two strings, not undefined',
    )
    const upload = 7 as unknown as string
    expect(() =>
      renderToString(within(scriptedSource(), createElement(Upload, { upload }))),
    ).toThrow('two strings, not number')
  })

  test('passes a bug in the source and a missing provider to the error boundary', async () => {
    const complaint = jest.spyOn(console, 'error').mockImplementation(() => undefined)
    class Boundary extends Component<{ children: ReactElement }, { text: string }> {
      override state = { text: '' }
      static getDerivedStateFromError(error: unknown) {
        return { text: String(error) }
      }
      override render() {
        return this.state.text === '' ? this.props.children : this.state.text
      }
    }
    const source = scriptedSource()
    const element = place()
    const root = createRoot(element)
    const inBoundary = (key: string, child: ReactElement) =>
      createElement(Boundary, { key, children: child })
    await acting(() => {
      root.render(inBoundary('one', within(source, createElement(Upload))))
    })
    await acting(() => {
      source.fail(new Error('a bug'))
    })
    expect(element.innerHTML).toBe('Error: a bug')
    await acting(() => {
      root.render(inBoundary('other', createElement(Upload)))
    })
    expect(element.innerHTML).toBe(
      'TypeError: source must be an UploadStatusSource, not undefined: use UploadStatusProvider or the option',
    )
    await acting(() => {
      root.render(inBoundary('third', within({} as typeof source, createElement(Upload))))
    })
    expect(element.innerHTML).toMatch(
      /^TypeError: source must be an UploadStatusSource, not object: /,
    )
    complaint.mockRestore()
    await acting(() => {
      root.unmount()
    })
  })
})
