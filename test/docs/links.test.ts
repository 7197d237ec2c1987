import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { filesBelow, read } from './samples'

const root = join(__dirname, '../..')
const pages = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...filesBelow(join(root, 'docs'), '.md').map(file => file.slice(root.length + 1)),
]

/** The anchors of a page, as GitHub and npm derive them from its headings. */
const anchorsOf = (page: string): readonly string[] =>
  Array.from(read(join(root, page)).matchAll(/^#+ (.*)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )

const linksOf = (page: string): readonly string[] =>
  Array.from(read(join(root, page)).matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link)

const links = pages.flatMap(page =>
  linksOf(page)
    .filter(link => !/^https:\/\//.test(link))
    .map(link => {
      const [path = '', anchor] = link.split('#')
      return { page, link, file: path === '' ? page : normalize(join(dirname(page), path)), anchor }
    }),
)

let packed: ReadonlySet<string> = new Set()
beforeAll(async () => {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts']
  const { stdout } = await promisify(execFile)('npm', args, { cwd: root })
  const [{ files }] = JSON.parse(stdout) as [{ files: readonly { readonly path: string }[] }]
  packed = new Set(files.map(({ path }) => path))
}, 60_000)

describe('a link within the documentation', () => {
  test.each(links)('has a target: $page to $link', ({ file, anchor }) => {
    expect(existsSync(join(root, file))).toBe(true)
    if (anchor !== undefined) expect(anchorsOf(file)).toContain(anchor)
  })

  test.each(links)('has a target in the package: $page to $link', ({ file }) => {
    expect(packed).toContain(file)
  })

  test('is found by this test', () => {
    expect(links.length).toBeGreaterThan(20)
  })
})

/** What a pattern captures in the pages, each with the page, without what stands for a name of yours. */
const named = (pattern: RegExp): ReadonlyArray<{ readonly page: string; readonly name: string }> =>
  pages.flatMap(page =>
    [...new Set(Array.from(read(join(root, page)).matchAll(pattern), ([, name = '']) => name))]
      .filter(name => !name.includes('NAME'))
      .map(name => ({ page, name })),
  )

test.each(named(/`((?:test|src|docs|\.ci)\/[\w./-]+)`/g))(
  '$page names $name, which exists',
  ({ name }) => {
    const files = ['', '.test.ts', '.proof.ts'].map(ending => join(root, `${name}${ending}`))
    expect(files.some(existsSync)).toBe(true)
  },
)

const { scripts } = JSON.parse(read(join(root, 'package.json'))) as { scripts: object }

test.each(named(/npm run ([\w:]+)/g))('$page names npm run $name, which exists', ({ name }) => {
  expect(Object.keys(scripts)).toContain(name)
})

test('the README has at most 120 lines', () => {
  expect(read(join(root, 'README.md')).trimEnd().split('\n').length).toBeLessThanOrEqual(120)
})

describe('the package', () => {
  test('contains every page, and no source, test or demo', () => {
    expect(pages.filter(page => !packed.has(page))).toEqual([])
    expect(
      [...packed].filter(file =>
        /^(src|test|\.ci|docs\/(demo|playground|\.vitepress)\/)/.test(file),
      ),
    ).toEqual([])
  })
})
