import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** `DOCS_VERSION`: the name of a version that is built beside others; without it the site is alone. */
export const builtVersion = process.env['DOCS_VERSION']

/** Where the versions are built, each in a folder of its own. */
export const versionsFolder = '../node_modules/.cache/site-versions'

/**
 * Lists the versions beside a built one, the newest first. The menus of all of them read the list, so an
 * older version also shows the newer ones. The top of the site leads to the newest release.
 */
export const listVersions = (outDir: string): void => {
  const folder = dirname(outDir)
  const versions = readdirSync(folder)
    .filter(name => existsSync(join(folder, name, 'index.html')))
    .sort((one, other) => other.localeCompare(one, 'en', { numeric: true }))
  const start = versions.find(name => /^v?\d/.test(name)) ?? versions[0] ?? ''
  writeFileSync(join(folder, 'versions.json'), JSON.stringify(versions))
  writeFileSync(
    join(folder, 'index.html'),
    `<!doctype html><html lang="en"><title>Documentation</title><meta http-equiv="refresh" content="0; url=${start}/index.html"><a href="${start}/index.html">${start}</a></html>\n`,
  )
}
