import { readFileSync, readdirSync, writeFileSync } from 'node:fs'

/**
 * Writes the licences of the packages whose code the bundle of the command-line program carries
 * beside it. The bundle opens each ES module with `//#region path`. CommonJS has no such line: those
 * packages are taken from `onlyBundle` in package.json.
 */
const bundle = readFileSync('dist/cli/main.js', 'utf8')
const modules = bundle.matchAll(/^\/\/#region (.*node_modules\/(?:@[^/\n]+\/)?[^/\n]+)/gm)
const found = [...new Set(Array.from(modules, ([, folder = '']) => folder))]
const names = found.map(folder => folder.replace(/^.*node_modules\//, ''))

/** @type {{ tsdown: { deps: { onlyBundle: string[] } }[] }} */
const { tsdown } = JSON.parse(readFileSync('package.json', 'utf8'))
const others = tsdown
  .flatMap(({ deps }) => deps.onlyBundle)
  .filter(name => !names.includes(name))
  .map(name => `node_modules/${name}`)
const folders = [...found, ...others].sort()
if (found.length === 0) throw new Error('dist/cli/main.js carries no package: this step can go')

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
