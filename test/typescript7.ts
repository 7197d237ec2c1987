import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const root = join(__dirname, '..')
const compiler = join(root, 'node_modules/typescript7/bin/tsc')

export interface Compilation {
  readonly files: readonly string[]
  /** Beside those of the project. */
  readonly compilerOptions: Readonly<Record<string, unknown>>
}

/**
 * Compiles files by TypeScript 7, which takes a tenth of the time of 6, with a configuration that it
 * writes into a folder. Returns the errors, each as a line and its details.
 */
export const runTypeScript7 = async (
  folder: string,
  { files, compilerOptions }: Compilation,
): Promise<readonly string[]> => {
  const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include: [], files }
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const output = await new Promise<string>((resolve, reject) => {
    const args = [compiler, '--pretty', 'false', '-p', folder]
    execFile(process.execPath, args, { cwd: folder }, (error, stdout, stderr) => {
      // The compiler exits with an error code if it finds errors.
      if (error === null || stdout !== '') resolve(stdout)
      else reject(new Error(stderr, { cause: error }))
    })
  })
  return output.split(/\n(?=\S)/).flatMap(each => (each.trim() === '' ? [] : [each.trimEnd()]))
}
