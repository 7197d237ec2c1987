import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A code block of the documentation. */
export interface Sample {
  /** Its location: file and line number. */
  readonly name: string
  readonly code: string
  /** Its output on the page: the next block, if that is ```text. */
  readonly output: string | null
}

const lineOf = (text: string, index: number): number => text.slice(0, index).split('\n').length

const blocksOf = (text: string) =>
  Array.from(
    text.matchAll(/^```(\w*)\n([^]*?)^```$/gm),
    ({ index, 1: language = '', 2: code = '' }) => ({ index, language, code }),
  )

/** The blocks of a Markdown file in a language. Node can run those in ```ts. */
export const samplesOf = (file: string, text: string, language = 'ts'): ReadonlyArray<Sample> =>
  blocksOf(text).flatMap(({ index, code, ...block }, i, blocks) => {
    if (block.language !== language) return []
    const next = blocks[i + 1]
    const output = next?.language === 'text' ? next.code : null
    return [{ name: `${file}:${String(lineOf(text, index))}`, code, output }]
  })

/** Output blocks that do not belong to a sample that is run. */
export const strayOutputs = (file: string, text: string): ReadonlyArray<string> =>
  blocksOf(text).flatMap(({ index, language }, i, blocks) =>
    language === 'text' && blocks[i - 1]?.language !== 'ts'
      ? [`${file}:${String(lineOf(text, index))}`]
      : [],
  )

/** The script of a single-file component. */
export const scriptOf = (component: string): string =>
  /^<script[^>]*>\n([^]*?)^<\/script>$/m.exec(component)?.[1] ?? ''

/** The `@example`s of the docstrings of a source file. */
export const examplesOf = (file: string, text: string): ReadonlyArray<Sample> =>
  [...text.matchAll(/^ \* @example\n((?: \*(?! @| ?\/).*\n)*)/gm)].map(
    ({ index, 1: lines = '' }) => ({
      name: `${file}:${String(lineOf(text, index))}`,
      code: lines.replace(/^ \* ?/gm, ''),
      output: null,
    }),
  )

/** Every file below a folder with this ending. */
export const filesBelow = (folder: string, ending: string): ReadonlyArray<string> =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith(ending))
    .map(file => join(folder, file))
    .sort()

export const read = (file: string): string => readFileSync(file, 'utf8')
