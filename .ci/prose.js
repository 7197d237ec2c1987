import { readdirSync, readFileSync } from 'node:fs'
import writeGood from 'write-good'
import { words } from './words.js'

/**
 * Reads the prose of the pages, without code and addresses. It names repeated words, clichés, and what
 * `words.js` lists. With files as arguments it reads these.
 */
const avoided = words.map(([pattern, instead]) => ({
  pattern: new RegExp(`\\b(?:${pattern})\\b`, 'gi'),
  instead,
}))

/** @param {string} text */
const ours = text =>
  avoided.flatMap(({ pattern, instead }) =>
    Array.from(text.matchAll(pattern), ({ 0: found, index }) => ({
      index,
      reason: `"${found}": ${instead}`,
    })),
  )

/** Keeps the lines of what it replaces, so that the number of a line stays the same.
 * @type {(text: string, pattern: RegExp) => string} */
const blank = (text, pattern) => text.replace(pattern, found => found.replace(/[^\n]/g, ' '))

/** @param {string} text */
const proseOf = text => {
  const patterns = [/^ *```[^]*?^ *```$/gm, /<!--[^]*?-->/g, /\]\([^)\s]*\)/g, /https?:\/\/\S+/g]
  const prose = patterns.reduce((kept, pattern) => blank(kept, pattern), text)
  // Code within a sentence stays a word, so that the words around it are no repetition.
  const words = prose.replace(/`[^`\n]*`/g, code => code.replace(/[^A-Za-z\d$]/g, 'x'))
  return words
    .replace(/[*_]/g, ' ')
    .replaceAll('|', '.')
    .replace(/-{2,}| {2,}/g, ' ')
}

const checks = {
  adverb: false,
  eprime: false,
  passive: false,
  so: false,
  thereIs: false,
  tooWordy: false,
  weasel: false,
}

/** @type {(folder: string, ending: string) => string[]} */
const below = (folder, ending) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith(ending))
    .map(name => `${folder}/${name}`)

const given = process.argv.slice(2)
const pages = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md']
const files = given.length > 0 ? given : [...pages, ...below('docs', '.md')]

for (const file of files) {
  let line = 1
  for (const paragraph of proseOf(readFileSync(file, 'utf8')).split('\n\n')) {
    for (const { index, reason } of [...ours(paragraph), ...writeGood(paragraph, checks)]) {
      const at = line + paragraph.slice(0, index).split('\n').length - 1
      console.error(`${file}:${at}: ${reason}`)
      process.exitCode = 1
    }
    line += paragraph.split('\n').length + 1
  }
}
