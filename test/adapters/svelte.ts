import { compile, VERSION } from 'svelte/compiler'
import type { UploadStatusSource } from 'rx-upload-status'
import type { Adapter, Shown } from './adapter'
import { load, place } from './load'
import { accountOf } from './scriptedSource'

/** A component as a user writes it: an Observable is a Svelte store. */
const component = `
  <script>
    import { uploadView$ } from 'rx-upload-status'
    let { source, account, now, show } = $props()
    const view = $derived(uploadView$(source, account, $now))
    $effect.pre(() => show([$now, $view]))
  </script>
  <p>{$view.phase}</p>
`

interface Svelte {
  readonly mount: (component: unknown, options: { target: Element; props: object }) => object
  readonly unmount: (component: object) => Promise<void>
  readonly flushSync: () => void
  readonly writable: <Value>(value: Value) => { set: (value: Value) => void }
  readonly Upload: unknown
}

const svelte = load(
  `${compile(component, { name: 'Upload', generate: 'client', dev: false }).js.code}
   export { mount, unmount, flushSync } from 'svelte'
   export { writable } from 'svelte/store'
   export { Upload }`,
  {
    alias: { 'rx-upload-status': './src/index.ts', '#platform': './src/platform/browser.ts' },
    conditions: ['browser'],
  },
) as Svelte

export const svelteRecipe: Adapter = {
  name: `Svelte ${VERSION}`,
  act: work => {
    work()
    svelte.flushSync()
    return Promise.resolve()
  },
  mount: (source: UploadStatusSource, first) => {
    const shown: Shown[] = []
    const now = svelte.writable(first)
    const show = (each: Shown): number => shown.push(each)
    const mounted = svelte.mount(svelte.Upload, {
      target: place(),
      props: { source, account: accountOf(first), now, show },
    })
    svelte.flushSync()
    return Promise.resolve({
      shown,
      change: upload => {
        now.set(upload)
        svelte.flushSync()
        return Promise.resolve()
      },
      unmount: () => svelte.unmount(mounted),
    })
  },
}
