import { describe, expect, jest, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import type { TrackedView, UploadRef, UploadStatusSource } from 'rx-upload-status'
import { completed, pending, processing } from '../answers'
import { place } from './load'
import { account, scriptedSource } from './scriptedSource'
import { vue33, vue35 } from './vue'

describe.each([vue35, vue33])('Vue $version', vue => {
  const { createApp, createSSRApp, effectScope, h, nextTick, onErrorCaptured, ref, Suspense } = vue
  const { provideUploadStatusSource, renderToString, useUploadStatus, useUploadStatuses } = vue

  const Upload = {
    setup: () => {
      const view = useUploadStatus(account, 'a')
      return () => h('p', view.value.phase)
    },
  }

  const within = (source: UploadStatusSource) => ({
    setup: () => {
      provideUploadStatusSource(source)
      return () => h(Upload)
    },
  })

  test('renders waiting views on a server without requests, and hydrates them', async () => {
    const source = scriptedSource()
    const html = await renderToString(createSSRApp(within(source)))
    expect(html).toBe('<p>waiting</p>')
    expect(source.started()).toBe(0)
    const element = place()
    element.innerHTML = html
    const [server] = element.children
    const app = createSSRApp(within(source))
    app.mount(element)
    source.emit('a', right(pending))
    await nextTick()
    expect(element.innerHTML).toBe('<p>pending</p>')
    expect(element.children[0]).toBe(server)
    app.unmount()
    expect(source.watched()).toEqual([])
  })

  test('watches in a scope outside of components until the scope stops', () => {
    const source = scriptedSource()
    const scope = effectScope()
    const view = scope.run(() => useUploadStatus(account, 'a', { source }))
    expect(source.watched()).toEqual(['a'])
    source.emit('a', right(processing))
    expect(view?.value.phase).toBe('processing')
    scope.stop()
    expect(source.watched()).toEqual([])
  })

  test('keeps watching in a scope that outlives its component, until the scope stops', async () => {
    const source = scriptedSource()
    const scope = effectScope(true)
    const Child = {
      setup: () => {
        const view = scope.run(() => useUploadStatus(account, 'a', { source }))
        return () => h('p', view?.value.phase)
      },
    }
    const isShown = ref(true)
    const app = createApp({ setup: () => () => (isShown.value ? h(Child) : null) })
    app.mount(place())
    await nextTick()
    expect(source.watched()).toEqual(['a'])
    isShown.value = false
    await nextTick()
    expect(source.watched()).toEqual(['a'])
    scope.stop()
    expect(source.watched()).toEqual([])
    app.unmount()
  })

  test('watches in a scope that outlives an async component that never mounted', async () => {
    const source = scriptedSource()
    const scope = effectScope(true)
    const Child = {
      setup: () => {
        scope.run(() => useUploadStatus(account, 'a', { source }))
        return new Promise<never>(() => undefined)
      },
    }
    const isShown = ref(true)
    const info = jest.spyOn(console, 'info').mockImplementation(() => undefined)
    const app = createApp({ setup: () => () => (isShown.value ? h(Suspense, h(Child)) : null) })
    app.mount(place())
    await nextTick()
    expect(source.watched()).toEqual([])
    isShown.value = false
    await nextTick()
    expect(source.watched()).toEqual(['a'])
    scope.stop()
    expect(source.watched()).toEqual([])
    app.unmount()
    info.mockRestore()
  })

  test('stops watching while a kept-alive component is deactivated', async () => {
    const source = scriptedSource()
    const isShown = ref(true)
    const Child = {
      setup: () => {
        const view = useUploadStatus(account, 'a', { source })
        return () => h('p', view.value.phase)
      },
    }
    const app = createApp({
      setup: () => () => h(vue.KeepAlive, null, () => (isShown.value ? h(Child) : h('i'))),
    })
    app.mount(place())
    await nextTick()
    expect(source.watched()).toEqual(['a'])
    isShown.value = false
    await nextTick()
    expect(source.watched()).toEqual([])
    isShown.value = true
    await nextTick()
    expect(source.watched()).toEqual(['a'])
    app.unmount()
    expect(source.watched()).toEqual([])
  })

  test('updates synchronously, and keeps the view of an upload that stays in a list', async () => {
    const source = scriptedSource()
    const scope = effectScope()
    const uploads = ref(['a', 'b'])
    const views = scope.run(() =>
      useUploadStatuses(() => uploads.value.map(upload => ({ account, upload })), { source }),
    )
    const show = (all: readonly TrackedView[] = []): readonly string[] =>
      all.map(({ upload, phase }) => `${upload} ${phase}`)
    source.emit('a', right(completed))
    source.emit('b', right(processing))
    const [, b] = views?.value ?? []
    uploads.value = ['b', 'c', 'a']
    expect(show(views?.value)).toEqual(['b processing', 'c waiting', 'a completed'])
    expect(views?.value[0]).toBe(b)
    await nextTick()
    expect(source.watched()).toEqual(['b', 'c'])
    uploads.value = [...uploads.value]
    await nextTick()
    expect(source.started()).toBe(4)
    scope.stop()
  })

  test('waits and requests nothing while the upload is null', async () => {
    const source = scriptedSource()
    const scope = effectScope()
    const upload = ref<string | null>(null)
    const view = scope.run(() => useUploadStatus(account, upload, { source }))
    expect(view?.value.phase).toBe('waiting')
    expect(source.started()).toBe(0)
    upload.value = 'a'
    await nextTick()
    expect(source.watched()).toEqual(['a'])
    scope.stop()
  })

  test('passes a bug in the source to onErrorCaptured', async () => {
    const source = scriptedSource()
    const captured: string[] = []
    const app = createApp({
      setup: () => {
        onErrorCaptured(error => {
          captured.push(error.message)
          return false
        })
        return () => h(within(source))
      },
    })
    app.mount(place())
    source.fail(new Error('a bug'))
    await nextTick()
    expect(captured).toContain('a bug')
    app.unmount()
  })

  test('throws if there is no source', () => {
    const scope = effectScope()
    expect(() =>
      scope.run(() => createApp({}).runWithContext(() => useUploadStatus(account, 'a'))),
    ).toThrow(
      new TypeError(
        'source must be an UploadStatusSource, not undefined: call provideUploadStatusSource in a parent, or pass the option source',
      ),
    )
    // Outside of any app Vue warns, and injects nothing.
    const warning = jest.spyOn(console, 'warn').mockImplementation(() => undefined)
    expect(() => scope.run(() => useUploadStatus(account, 'a'))).toThrow('not undefined: call')
    warning.mockRestore()
    scope.stop()
  })

  test('names what is wrong with uploads of a caller without types', () => {
    const source = scriptedSource()
    const scope = effectScope()
    const uploads = undefined as unknown as readonly UploadRef[]
    expect(() => scope.run(() => useUploadStatuses(uploads, { source }))).toThrow(
      'uploads must be a list of { account, upload }, two strings, not undefined',
    )
    const upload = 7 as unknown as string
    expect(() => scope.run(() => useUploadStatus(account, upload, { source }))).toThrow(
      'two strings, not number',
    )
    scope.stop()
  })
})
