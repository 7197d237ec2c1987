import type { Adapter, Shown } from './adapter'
import { load, place } from './load'
import { accountOf } from './scriptedSource'

/** Vue, with our adapter. */
export type Vue = typeof import('vue') &
  typeof import('vue/server-renderer') &
  typeof import('rx-upload-status/vue')

const loaded = (vue: string): Vue =>
  load(
    `export * from './src/vue/index.ts'
     export * from 'vue'
     export { renderToString } from '${vue}/server-renderer'`,
    { alias: { vue }, define: { __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false' } },
  ) as Vue

export const vue35 = loaded('vue')

/** The lowest supported version. */
export const vue33 = loaded('vue33')

export const vueAdapter = (vue: Vue): Adapter => {
  const { createApp, h, nextTick, ref, uploadStatusSourceKey, useUploadStatus, version } = vue
  return {
    name: `Vue ${version}`,
    act: async work => {
      work()
      await nextTick()
    },
    mount: async (source, first) => {
      const shown: Shown[] = []
      const upload = ref(first)
      const app = createApp({
        setup: () => {
          const view = useUploadStatus(accountOf(first), upload)
          return () => {
            shown.push([upload.value, view.value])
            return h('p', view.value.phase)
          }
        },
      })
      app.provide(uploadStatusSourceKey, source)
      app.mount(place())
      await nextTick()
      return {
        shown,
        change: async next => {
          upload.value = next
          await nextTick()
        },
        unmount: async () => {
          app.unmount()
          await nextTick()
        },
      }
    },
  }
}
