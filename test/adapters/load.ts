import { afterAll } from '@jest/globals'
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { buildSync, type BuildOptions } from 'esbuild'
import { JSDOM } from 'jsdom'

// Frameworks look for a DOM when they are loaded.
const { window } = new JSDOM('<!doctype html>')
const page = {
  window,
  document: window.document,
  navigator: window.navigator,
  Node: window.Node,
  Text: window.Text,
  Comment: window.Comment,
  Element: window.Element,
  HTMLElement: window.HTMLElement,
  SVGElement: window.SVGElement,
  HTMLMediaElement: window.HTMLMediaElement,
  Event: window.Event,
  CustomEvent: window.CustomEvent,
  IS_REACT_ACT_ENVIRONMENT: true,
}
Object.assign(globalThis, page)

// Before jest does: it would read all their members and log warnings.
afterAll(() => {
  for (const name of Object.keys(page)) Reflect.deleteProperty(globalThis, name)
  window.close()
})

// React schedules its work through a MessageChannel; that of Node would keep the process alive.
class MessageChannel {
  port1: { onmessage: (() => void) | null } = { onmessage: null }
  port2 = {
    postMessage: () => {
      setImmediate(() => this.port1.onmessage?.())
    },
  }
}
Object.assign(globalThis, { MessageChannel })

const root = process.cwd()

/** Bundles a module with its dependencies and loads it; options may replace their versions. */
export const load = (contents: string, options: BuildOptions = {}): unknown => {
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['rxjs', 'rxjs/*'],
    mainFields: ['module', 'main'],
    logLevel: 'error',
    tsconfigRaw: {},
    write: false,
    ...options,
  })
  const code = outputFiles?.[0]?.text ?? ''
  const folder = join(root, 'node_modules/.cache/adapters')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${createHash('sha1').update(code).digest('hex')}.cjs`)
  writeFileSync(file, code)
  return createRequire(join(root, 'package.json'))(file)
}

/** Appends an empty element to the page. */
export const place = (): HTMLElement => {
  const element = document.createElement('div')
  document.body.append(element)
  return element
}
