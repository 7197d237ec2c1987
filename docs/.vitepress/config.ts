import { resolve } from 'node:path'
import { defineConfig } from 'vitepress'
import manifest from '../../package.json'
import tsconfig from '../../tsconfig.json'
import { openAsFile } from './fromFiles'
import { markdown, searchable } from './markdown'
import { sidebar } from './sidebar'
import { builtVersion, listVersions, versionsFolder } from './versions'

const { name, version, description } = manifest

/** Our own subpaths, taken from `src`, as a page loads them. */
const alias = Object.entries({
  ...tsconfig.compilerOptions.paths,
  '#platform': ['./src/platform/browser.ts'],
}).map(([find, [file = '']]) => ({ find: new RegExp(`^${find}$`), replacement: resolve(file) }))

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="#4ac26b"/></svg>'

/** The site of the documentation: the pages as they are in the repository, at the same addresses. */
export default defineConfig({
  title: name,
  description,
  lang: 'en-GB',
  srcDir: '..',
  srcExclude: ['.ci/**', 'coverage/**', 'dist/**', 'src/**', 'test/**'],
  rewrites: { 'README.md': 'index.md' },
  ...(builtVersion === undefined
    ? { outDir: '../node_modules/.cache/site' }
    : {
        base: `/${builtVersion}/`,
        outDir: `${versionsFolder}/${builtVersion}`,
        buildEnd: ({ outDir }) => {
          listVersions(outDir)
        },
      }),
  cacheDir: '../node_modules/.cache/vitepress',
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(icon)}` }]],
  markdown,
  themeConfig: {
    search: { provider: 'local', options: { _render: searchable } },
    outline: [2, 3],
    sidebar: sidebar(),
    nav: [
      { text: 'Get started', link: '/docs/get-started' },
      { text: 'Cookbook', link: '/docs/cookbook' },
      { text: 'Reference', link: '/docs/reference' },
      { text: 'Playground', link: '/docs/playground' },
      {
        text: builtVersion ?? `v${version}`,
        items: [
          { text: 'Changes', link: '/CHANGELOG' },
          { text: 'Versions and support', link: '/docs/versioning' },
        ],
      },
    ],
  },
  transformHead: ({ page, siteData: { base } }) => {
    const top = '../'.repeat(page.split('/').length - 1)
    return [['script', {}, `(${openAsFile.toString()})('${top}', '${base}')`]]
  },
  vite: { publicDir: false, resolve: { alias }, worker: { format: 'es' } },
})
