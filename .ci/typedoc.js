import { OptionDefaults } from 'typedoc'

const modules = [
  '',
  'bullmq',
  'opentelemetry',
  'react',
  'relay',
  'relay/client',
  'sandbox',
  'testing',
  'vue',
  'webhook',
]

/**
 * The reference, drawn from the docstrings: `npm run reference`. A warning is an error, such as an export
 * without a docstring, or a link that leads nowhere.
 *
 * @type {import('typedoc').TypeDocOptions & import('typedoc-plugin-markdown').PluginOptions}
 */
export default {
  tsconfig: './tsconfig.docs.json',
  entryPoints: modules.map(name => `../src/${name}/index.ts`),
  plugin: ['typedoc-plugin-markdown'],
  out: '../node_modules/.cache/reference',
  router: 'module',
  readme: 'none',
  hideBreadcrumbs: true,
  disableSources: true,
  excludePrivate: true,
  // The compiler checks the types.
  skipErrorChecking: true,
  treatWarningsAsErrors: true,
  validation: { notExported: true, invalidLink: true, invalidPath: true, notDocumented: true },
  // The members of options are looked at in review: a `_tag` needs no sentence.
  requiredToBeDocumented: ['Function', 'Class', 'Interface', 'TypeAlias', 'Variable'],
  // knip reads `@alias`.
  modifierTags: [...OptionDefaults.modifierTags, '@alias'],
  excludeTags: [...OptionDefaults.excludeTags, '@alias'],
}
