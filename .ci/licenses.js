import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Writes the licences of inlined packages beside each bundle that contains them. A bundle opens each
 * ES module with `//#region path`. Some CommonJS modules have no such line: those packages are taken
 * from `onlyBundle` in package.json.
 */

/** @type {{ tsdown: { entry: Record<string, string>, deps: { onlyBundle: string[] } }[] }} */
const { tsdown } = JSON.parse(readFileSync('package.json', 'utf8'))

/** @type {(bundle: string, listed: string[]) => string[]} */
const packageFolders = (bundle, listed) => {
  const modules = readFileSync(bundle, 'utf8').matchAll(
    /^\/\/#region (.*node_modules\/(?:@[^/\n]+\/)?[^/\n]+)/gm,
  )
  const found = [...new Set(Array.from(modules, ([, folder = '']) => folder))]
  const names = found.map(folder => folder.replace(/^.*node_modules\//, ''))
  const others = listed.filter(name => !names.includes(name)).map(name => `node_modules/${name}`)
  return [...found, ...others].sort()
}

/** @param {string} folder */
const notice = folder => {
  const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
  const file = readdirSync(folder).find(entry => /^licen[cs]e(\.|$)/i.test(entry))
  if (file === undefined) throw new Error(`${name} has no licence file: ${folder}`)
  return `${name} ${version}\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`
}

for (const { entry, deps } of tsdown.filter(({ deps }) => deps.onlyBundle.length > 0)) {
  const bundle = `dist/${Object.keys(entry).join()}.js`
  const notices = packageFolders(bundle, deps.onlyBundle).map(notice)
  writeFileSync(
    `${dirname(bundle)}/THIRD-PARTY-LICENSES`,
    [`${bundle.replace(/^.*\//, '')} contains code of these packages.\n`, ...new Set(notices)].join(
      `\n${'-'.repeat(80)}\n\n`,
    ),
  )
}
