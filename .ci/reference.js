import { readFileSync, writeFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { Application, Comment, ReflectionKind } from 'typedoc'

/**
 * Draws the reference from the docstrings: all of it into `node_modules/.cache/reference`, and a line
 * for each export into docs/reference.md. With `--check` it writes nothing, and fails if the page is
 * not that of the code. A warning is an error in both: an export without a docstring, a dead link.
 */
const page = 'docs/reference.md'
const isCheck = process.argv.includes('--check')

const app = await Application.bootstrapWithPlugins({ options: '.ci/typedoc.js' })
const project = await app.convert()
if (project === undefined) throw new Error('the sources cannot be read')
app.validate(project)

/** @typedef {import('typedoc').DeclarationReflection} Declaration */

/** @type {(declaration: Declaration) => string} */
const sentenceOf = ({ comment, signatures }) => {
  const { summary = [] } =
    comment ?? signatures?.find(signature => signature.hasComment())?.comment ?? {}
  const text = summary.map(({ kind, text }) => (kind === 'inline-tag' ? `\`${text}\`` : text))
  const [sentence = ''] = /^[^]*?[.:;](?=\s|$)/.exec(text.join('')) ?? []
  return sentence.replace(/[:;]$/, '.').replace(/\s+/g, ' ').replaceAll('|', '\\|')
}

const kinds = new Map([
  [ReflectionKind.Function, 'function'],
  [ReflectionKind.Class, 'class'],
  [ReflectionKind.Interface, 'interface'],
  [ReflectionKind.TypeAlias, 'type'],
  [ReflectionKind.Variable, 'value'],
])

/** A codec and its type have the same name: one line.
 * @type {(declarations: readonly Declaration[]) => string[]} */
const linesOf = declarations => {
  const names = [...new Set(declarations.map(({ name }) => name))].sort()
  return names.map(name => {
    const all = declarations.filter(declaration => declaration.name === name)
    const kind = all.map(declaration => kinds.get(declaration.kind) ?? 'other').sort()
    const sentence = all.map(sentenceOf).find(text => text !== '') ?? ''
    return `| \`${name}\` | ${kind.join(', ')} | ${sentence} |`
  })
}

const modules = (project.children ?? []).map(module => {
  const lines = linesOf((module.children ?? []).filter(({ kind }) => kinds.has(kind)))
  const { summary = [] } = module.comment ?? {}
  const intro = Comment.combineDisplayParts([...summary])
  return `## \`${module.name}\`\n\n${intro}\n\n| name | kind | what |\n| --- | --- | --- |\n${lines.join('\n')}\n`
})

const text = `# Reference

Every export, with the first sentence of its docstring. Your editor shows all of it: parameters with units
and defaults, failures, what unsubscribing does, and an example. \`npm run reference\` writes the same as pages to
\`node_modules/.cache/reference\`. This page is made by the same command.

${modules.join('\n')}`

const drawn = await format(text, { ...(await resolveConfig(page)), parser: 'markdown' })
if (isCheck && drawn !== readFileSync(page, 'utf8'))
  app.logger.error(`${page} is not that of the code: npm run reference`)
if (!isCheck) {
  await app.generateOutputs(project)
  writeFileSync(page, drawn)
}
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exitCode = 1
