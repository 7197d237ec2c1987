import type { BrowserContext, Locator, Page } from 'playwright-core'

/** Opens the page of the demo. */
export const openDemo = async (window: BrowserContext, url: string): Promise<Page> => {
  const page = await window.newPage()
  await page.goto(url)
  await page.getByRole('heading', { name: 'Uploads', exact: true }).waitFor()
  return page
}

export const rowOf = (page: Page, name: string): Locator =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) })

/** Waits until the latest row with this name has this text. */
export const reads = (page: Page, name: string, text: string | RegExp): Promise<void> =>
  rowOf(page, name).first().filter({ hasText: text }).waitFor()

export const pasteUrls = async (page: Page, ...urls: readonly string[]): Promise<void> => {
  await page.getByLabel('or paste URLs').fill(urls.join(' '))
  await page.keyboard.press('Enter')
}

export const addTrouble = async (page: Page, title: string): Promise<void> => {
  await page.getByText('Add trouble').click()
  await page.getByRole('button', { name: title }).click()
}

export const dropFile = async (page: Page, name: string): Promise<void> => {
  const dataTransfer = await page.evaluateHandle(fileName => {
    const data = new DataTransfer()
    data.items.add(new File(['light'], fileName, { type: 'image/jpeg' }))
    return data
  }, name)
  await page.dispatchEvent('main', 'drop', { dataTransfer })
}

/** Opens the latest row with this name. */
export const openRow = (page: Page, name: string): Promise<void> =>
  rowOf(page, name).first().locator('summary').click()

/** Opens the menu of the latest row with this name, by keyboard. */
export const openMenu = (page: Page, name: string): Promise<void> =>
  page
    .getByRole('button', { name: `Actions for ${name}`, exact: true })
    .first()
    .press('Enter')

/** Chooses an action from the menu of the latest row with this name. */
export const act = async (page: Page, name: string, action: string): Promise<void> => {
  await openMenu(page, name)
  await page.getByRole('menuitem', { name: action, exact: true }).press('Enter')
}

/** The accessible name or the text of the focused element. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { activeElement: element } = document
    return element?.getAttribute('aria-label') ?? (element?.id || (element?.textContent ?? ''))
  })
