import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A piece of code out of the documentation. */
export interface Sample {
  /** Where it stands: a file and the number of its line. */
  readonly name: string
  readonly code: string
}

const lineOf = (text: string, index: number): number => text.slice(0, index).split('\n').length

/** The blocks of a Markdown file that are in a language: ```ts those that Node can run. */
export const samplesOf = (file: string, text: string, language = 'ts'): ReadonlyArray<Sample> =>
  [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)]
    .filter(([, written]) => written === language)
    .map(({ index, 2: code = '' }) => ({ name: `${file}:${String(lineOf(text, index))}`, code }))

/** The script of a single-file component. */
export const scriptOf = (component: string): string =>
  /^<script[^>]*>\n([^]*?)^<\/script>$/m.exec(component)?.[1] ?? ''

/** The `@example`s of the docstrings of a source file. */
export const examplesOf = (file: string, text: string): ReadonlyArray<Sample> =>
  [...text.matchAll(/^ \* @example\n((?: \*(?! @| ?\/).*\n)*)/gm)].map(
    ({ index, 1: lines = '' }) => ({
      name: `${file}:${String(lineOf(text, index))}`,
      code: lines.replace(/^ \* ?/gm, ''),
    }),
  )

/** Every file below a folder whose name ends so. */
export const filesBelow = (folder: string, ending: string): ReadonlyArray<string> =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith(ending))
    .map(file => join(folder, file))
    .sort()

export const read = (file: string): string => readFileSync(file, 'utf8')
