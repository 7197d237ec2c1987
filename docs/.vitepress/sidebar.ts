import { readFileSync } from 'node:fs'
import type { DefaultTheme } from 'vitepress'
import { slugify } from './markdown'

type Item = DefaultTheme.SidebarItem

const page = (text: string, name: string): Item => ({ text, link: `/docs/${name}` })

const linkLine = /^- \[([^\]]+)\]\(cookbook\/([\w-]+)\.md\)/gm

/** The recipes in the groups of the index of the cookbook. A group that has no link is no valid HTML. */
const recipes = (): Item[] => {
  const [, ...groups] = readFileSync('docs/cookbook.md', 'utf8').split('\n## ')
  return groups.map(group => {
    const text = group.slice(0, group.indexOf('\n'))
    const items = Array.from(group.matchAll(linkLine), ([, title = '', name = '']) =>
      page(title.replaceAll('`', ''), `cookbook/${name}`),
    )
    return { text, link: `/docs/cookbook#${slugify(text)}`, collapsed: true, items }
  })
}

export const sidebar = (): Item[] => [
  {
    text: 'Start',
    items: [
      { text: 'Overview', link: '/' },
      page('Get started', 'get-started'),
      page('Playground', 'playground'),
      page('Concepts', 'concepts'),
      page('Find the function', 'choosing'),
      page('Glossary', 'glossary'),
    ],
  },
  {
    text: 'Guides',
    items: [
      page('Many uploads and rates', 'many-uploads'),
      page('Webhooks', 'webhooks'),
      page('The command line', 'command-line'),
      page('The sandbox', 'sandbox'),
      page('Observability', 'observability'),
      page('With fp-ts', 'with-fp-ts'),
      page('Without fp-ts', 'without-fp-ts'),
    ],
  },
  {
    text: 'Pages',
    items: [
      page('A relay', 'relay'),
      page('React', 'react'),
      page('Vue', 'vue'),
      page('Angular', 'angular'),
      page('Svelte', 'svelte'),
    ],
  },
  {
    text: 'Beyond one machine',
    items: [
      page('A queue in Redis', 'queue'),
      page('Connections', 'connections'),
      page('Behind a proxy', 'proxies'),
      page('Where it runs', 'hosts'),
    ],
  },
  { text: 'Cookbook', items: [page('All recipes', 'cookbook'), ...recipes()] },
  { text: 'Troubleshooting', items: [page('By symptom', 'troubleshooting')] },
  { text: 'Migration', items: [page('Migrate from other ways to poll', 'migration')] },
  {
    text: 'Reference',
    items: [
      page('Every export', 'reference'),
      page('Options', 'options'),
      page('Operators', 'operators'),
      page('Failures', 'failures'),
      page('The API', 'api'),
    ],
  },
  {
    text: 'How we know',
    items: [
      page('What is claimed', 'how-we-know'),
      page('Tests', 'testing'),
      page('Performance', 'performance'),
      page('The protocol', 'protocol'),
      page('Security', 'security'),
    ],
  },
  {
    text: 'Project',
    items: [
      { text: 'Changes', link: '/CHANGELOG' },
      page('Versions and support', 'versioning'),
      { text: 'Contributing', link: '/CONTRIBUTING' },
      { text: 'Reporting a vulnerability', link: '/SECURITY' },
    ],
  },
]
