import type { DefaultTheme, MarkdownOptions } from 'vitepress'

/** The anchor of a heading, as GitHub and npm derive it: a link works in both places. */
export const slugify = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')

export const markdown: MarkdownOptions = {
  anchor: { slugify },
  toc: { slugify },
  theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
}

type Render = NonNullable<DefaultTheme.LocalSearchOptions['_render']>

/** What the search reads of a page: all its words, and code without colours, which take seconds. */
export const searchable: Render = (source, env, md) =>
  md.render(source.replace(/^([ \t]*```)\w+.*$/gm, '$1'), env)
