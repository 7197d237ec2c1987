import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import ts from 'typescript'

/**
 * Draws which folder of `src` imports which, and writes that into CONTRIBUTING.md. With `--check` it
 * writes nothing, and fails if the drawing is not that of the code.
 *
 * A folder stands above all that it imports. A cycle of folders cannot be drawn, and is an error.
 */
const page = 'CONTRIBUTING.md'
const marks = ['<!-- imports: npm run map -->', '<!-- /imports -->']

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map(file => file.replaceAll('\\', '/'))
  .filter(file => /\.tsx?$/.test(file))

/** The files beside `index.ts` are the core; `index.ts` itself imports everything.
 * @type {(file: string) => string} */
const folderOf = file =>
  file === 'index.ts' ? 'index.ts' : dirname(file) === '.' ? 'core' : dirname(file)

/** @type {(from: string, specifier: string) => string | undefined} */
const resolve = (from, specifier) =>
  ['.ts', '.tsx', '/index.ts']
    .map(end => join(dirname(from), specifier) + end)
    .find(file => files.includes(file))

/** @type {Map<string, Set<string>>} */
const imports = new Map()
for (const file of files) {
  const folder = folderOf(file)
  const found = imports.get(folder) ?? new Set()
  imports.set(folder, found)
  const { importedFiles } = ts.preProcessFile(readFileSync(`src/${file}`, 'utf8'), true, true)
  for (const { fileName } of importedFiles) {
    const target = fileName.startsWith('.') ? resolve(file, fileName) : undefined
    if (target !== undefined && folderOf(target) !== folder) found.add(folderOf(target))
  }
}

/** @type {string[]} */
const order = []
const left = new Set([...imports.keys()].sort())
while (left.size > 0) {
  const isImported = [...left].flatMap(folder => [...(imports.get(folder) ?? [])])
  const top = [...left].filter(folder => !isImported.some(other => other === folder))
  if (top.length === 0) throw new Error(`a cycle of folders: ${[...left].join(', ')}`)
  for (const folder of top) {
    order.push(folder)
    left.delete(folder)
    imports.get(folder)?.delete(folder)
  }
}

const width = Math.max(...order.map(folder => folder.length))
const lines = order.map(folder => {
  const below = order.filter(other => imports.get(folder)?.has(other))
  return below.length === 0 ? folder : `${folder.padEnd(width)}  -> ${below.join(', ')}`
})
const text = readFileSync(page, 'utf8')
const [before = '', rest = ''] = text.split(`${marks[0]}\n`)
const [, after = ''] = rest.split(marks[1] ?? '')
const drawn = `${before}${marks[0]}\n\n\`\`\`\n${lines.join('\n')}\n\`\`\`\n\n${marks[1]}${after}`

if (!process.argv.includes('--check')) writeFileSync(page, drawn)
else if (drawn !== text) {
  console.error(`The imports of src are not those that ${page} draws: npm run map`)
  process.exitCode = 1
}
