import { readFileSync, readdirSync, writeFileSync } from 'node:fs'

/**
 * Writes the licences of the packages whose code the bundle of the command-line program carries
 * beside it. Which they are is read from the bundle: it opens each module with `//#region path`.
 */
const bundle = readFileSync('dist/cli/main.js', 'utf8')
const modules = bundle.matchAll(/^\/\/#region (.*node_modules\/(?:@[^/\n]+\/)?[^/\n]+)/gm)
const folders = [...new Set(Array.from(modules, ([, folder = '']) => folder))].sort()
if (folders.length === 0) throw new Error('dist/cli/main.js carries no package: this step can go')

/** @param {string} folder */
const notice = folder => {
  const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
  const file = readdirSync(folder).find(entry => /^licen[cs]e(\.|$)/i.test(entry))
  if (file === undefined) throw new Error(`${name} has no licence file: ${folder}`)
  return `${name} ${version}\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`
}

writeFileSync(
  'dist/cli/THIRD-PARTY-LICENSES',
  ['main.js contains code of these packages.\n', ...new Set(folders.map(notice))].join(
    `\n${'-'.repeat(80)}\n\n`,
  ),
)
