import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'

/** The reports of the prose linter about a page, with line numbers. */
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

test('the prose linter reports a listed word, a repeated word and a cliché, with their lines', async () => {
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

test('the prose linter ignores code, URLs and comments', async () => {
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
