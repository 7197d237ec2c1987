import type { Adapter, Shown } from './adapter'
import { load, place } from './load'
import { accountOf } from './scriptedSource'

/** React, with our adapter. */
export type React = typeof import('react') &
  typeof import('react-dom/client') &
  typeof import('react-dom/server') &
  typeof import('rx-upload-status/react')

const loaded = (alias: Readonly<Record<string, string>>, act: string): React =>
  load(
    `export * from './src/react/index.ts'
     export { createElement, memo, Component, StrictMode, useState, version } from 'react'
     export { createRoot, hydrateRoot } from 'react-dom/client'
     export { renderToString } from 'react-dom/server'
     export { act } from '${act}'`,
    { alias },
  ) as React

export const react19 = loaded({}, 'react')

/** The lowest supported version. */
export const react18 = loaded(
  { react: 'react18', 'react-dom': 'react-dom18' },
  'react-dom18/test-utils',
)

export const reactAdapter = (react: React): Adapter => {
  const { act, createElement, createRoot, useUploadStatus, version, UploadStatusProvider } = react
  const acting = (work: () => void): Promise<void> =>
    act(() => {
      work()
      return Promise.resolve()
    })
  return {
    name: `React ${version}`,
    act: acting,
    mount: async (source, first) => {
      const shown: Shown[] = []
      const Upload = ({ upload }: { upload: string }) => {
        const view = useUploadStatus(accountOf(upload), upload)
        shown.push([upload, view])
        return createElement('p', null, view.phase)
      }
      const root = createRoot(place())
      const show = (upload: string): Promise<void> =>
        acting(() => {
          root.render(
            createElement(UploadStatusProvider, { source }, createElement(Upload, { upload })),
          )
        })
      await show(first)
      return {
        shown,
        change: show,
        unmount: () =>
          acting(() => {
            root.unmount()
          }),
      }
    },
  }
}
