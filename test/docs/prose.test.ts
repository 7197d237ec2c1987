import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'

/** What the prose linter says of a page, by the number of the line. */
const lint = async (page: string): Promise<readonly string[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'prose-'))
  const file = join(folder, 'page.md')
  try {
    await writeFile(file, page)
    await promisify(execFile)(process.execPath, ['.ci/prose.js', file])
    return []
  } catch (error) {
    const { stderr } = error as { stderr: string }
    return stderr
      .trim()
      .split('\n')
      .map(line => line.slice(file.length + 1))
  } finally {
    await rm(folder, { recursive: true })
  }
}

test('the prose linter names a word of the list, a repeated word and a cliché, each with its line', async () => {
  const page = `# A page

Whoever subscribes is notified.

The budget admits the the next request.
Such an upload is one in a million.
`
  expect(await lint(page)).toEqual([
    expect.stringMatching(/^3: "Whoever": a user/),
    expect.stringMatching(/^5: "the" is repeated/),
    expect.stringMatching(/^6: "one in a million" is a cliche/),
  ])
})

test('the prose linter reads no code, no address and no comment', async () => {
  const page = `A \`whoever\` in code, a [link](https://example.org/whoever), and two cells:

| yes | yes |
| --- | --- |
| no  | no  |

<!-- whoever -->

\`\`\`ts
const whoever = 'the the'
\`\`\`
`
  expect(await lint(page)).toEqual([])
})
