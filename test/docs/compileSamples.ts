import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runTypeScript7 } from '../typescript7'
import { sampleFolder } from './sampleBuild'
import type { Sample } from './samples'

const folder = join(sampleFolder, 'types')

/** Compiles samples, each as its own module. Returns the errors, each with the name of its sample. */
export const compileSamples = async (
  samples: ReadonlyArray<Pick<Sample, 'name' | 'code'>>,
): Promise<readonly string[]> => {
  const files = new Map(samples.map((sample, i) => [`${String(i)}.tsx`, sample]))
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await Promise.all(
    Array.from(files, ([file, { code }]) => writeFile(join(folder, file), `${code}\nexport {}\n`)),
  )
  const errors = await runTypeScript7(folder, {
    files: [...files.keys(), join(__dirname, 'frameworks.d.ts')],
    compilerOptions: {
      experimentalDecorators: true,
      noUnusedLocals: false,
      noUnusedParameters: false,
    },
  })
  return errors.map(error =>
    error.replace(
      /^(.+)\(\d+,\d+\): error \w+/,
      (_, file: string) => files.get(file)?.name ?? file,
    ),
  )
}
