import type { DefaultTheme, EnhanceAppContext } from 'vitepress'

const isTextList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(each => typeof each === 'string')

/** The names of the versions in the folder above; none if the list cannot be read. */
const versionsIn = async (folder: URL): Promise<readonly string[]> => {
  try {
    const answer = await fetch(new URL('versions.json', folder))
    const versions: unknown = answer.ok ? await answer.json() : []
    return isTextList(versions) ? versions : []
  } catch {
    return []
  }
}

/** Adds the versions beside this one to the menu of versions. A site that is alone has none. */
export const addOtherVersions = async ({
  siteData,
}: Pick<EnhanceAppContext, 'siteData'>): Promise<void> => {
  const { base, themeConfig } = siteData.value
  const { nav = [], ...theme } = themeConfig as DefaultTheme.Config
  // The address of a version that has others beside it ends with its name.
  const menu = nav
    .flatMap(item => ('items' in item ? [item] : []))
    .find(({ text = '' }) => base.endsWith(`/${text}/`))
  if (menu === undefined) return
  const top = new URL('..', new URL(base, location.href))
  const others = (await versionsIn(top))
    .filter(version => version !== menu.text)
    .map(version => ({
      text: version,
      link: new URL(`${version}/index.html`, top).href,
      target: '_self',
      noIcon: true,
    }))
  if (others.length === 0) return
  const items = [...(menu.items ?? []), { text: 'Other versions', items: others }]
  siteData.value = {
    ...siteData.value,
    themeConfig: { ...theme, nav: nav.map(item => (item === menu ? { ...menu, items } : item)) },
  }
}
