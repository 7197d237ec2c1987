import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { exports as subpaths, name, peerDependenciesMeta, version } from '../../package.json'
import { createConsumer, run, succeed, type Consumer } from './consumer'
import { libraryOf } from './library'

/**
 * The proof that libraries can be built on the package: one re-exports and wraps all of it, and the
 * compiler emits its declarations.
 */
jest.setTimeout(300_000)

const checkout = process.cwd()

/** The path of the declarations of each entry, by its import name. */
const entries = Object.fromEntries(
  Object.entries(subpaths).flatMap(([subpath, target]) =>
    typeof target === 'string'
      ? []
      : [[join(name, subpath), join('node_modules', name, target.import.types)]],
  ),
)

let consumer: Consumer
let library: string

const pack = async (folder: string): Promise<string> => {
  await succeed(checkout, 'npm', ['pack', '--ignore-scripts', '--pack-destination', folder])
  return join(folder, `${name}-${version}.tgz`)
}

const compilerOptions = {
  target: 'es2022',
  lib: ['es2022', 'dom'],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  // Vue's declarations need a newer `lib` than ours.
  skipLibCheck: true,
}

/** The output of a compiler that emits the declarations of a library. */
const emit = async (
  { folder, write }: Consumer,
  compiler: string,
  mode: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
): Promise<string> => {
  const emitting = { declaration: true, emitDeclarationOnly: true, outDir: 'out' }
  const config = {
    compilerOptions: { ...compilerOptions, ...mode, ...emitting },
    files: Object.keys(files),
  }
  await write({ ...files, 'tsconfig.json': JSON.stringify(config) })
  return (await run(folder, process.execPath, [join(compiler, 'bin/tsc')])).output
}

describe('a library that uses every export', () => {
  beforeAll(async () => {
    consumer = await createConsumer()
    const compilers = ['5.4', '5.9'].map(
      release => `typescript${release}@npm:typescript@${release}`,
    )
    const frameworks = Object.keys(peerDependenciesMeta)
    const tarball = await pack(consumer.folder)
    await consumer.install(tarball, ...frameworks, '@types/react', ...compilers)
    library = libraryOf(consumer.folder, entries)
  })

  afterAll(() => consumer.remove())

  const own = (compiler: string): string => join(checkout, 'node_modules', compiler)
  const bought = (compiler: string): string => join(consumer.folder, 'node_modules', compiler)

  const dual = ['library.mts', 'library.cts']
  const bundler = { module: 'esnext', moduleResolution: 'bundler' }

  // `node16` resolves as `nodenext` does, and all releases resolve for a bundler in the same way.
  test.each([
    ['5.4', { module: 'node16' }, dual, () => bought('typescript5.4')],
    ['5.9', { module: 'nodenext' }, dual, () => bought('typescript5.9')],
    ['6', { module: 'nodenext' }, dual, () => own('typescript')],
    ['7', { module: 'nodenext' }, dual, () => own('typescript7')],
    ['7', bundler, ['library.ts'], () => own('typescript7')],
  ])('TypeScript %s emits its declarations: %j', async (_, mode, files, compiler) => {
    const texts = Object.fromEntries(files.map(file => [file, library]))
    expect(await emit(consumer, compiler(), mode, texts)).toBe('')
  })

  test('a type that no entry exports is an error', async () => {
    const index = join('node_modules', name, 'dist/index.d.ts')
    const text = await readFile(join(consumer.folder, index), 'utf8')
    await consumer.write({ [index]: text.replace('type Answer,', '') })
    const rest = library.split('\n').filter(line => !line.includes('.Answer'))
    const said = await emit(
      consumer,
      own('typescript7'),
      { module: 'nodenext' },
      { 'library.mts': rest.join('\n') },
    )
    await consumer.write({ [index]: text })
    expect(said).toMatch(/cannot be named/)
  })
})

describe('under pnpm, where a package resolves only its own dependencies', () => {
  const watch = `
    import * as core from '${name}'
    export const watch$ = core.uploadStatus$('acct_1', 'ofapi_media_1')
    export const client = core.createUploadStatusClient()
    export const annotated: typeof core.UploadStatus = core.UploadStatus
  `
  const codec = `export const passedOn = core.UploadStatus`
  const typescript = join(checkout, 'node_modules/typescript7')
  const nodenext = { module: 'nodenext' }
  let project: Consumer

  const add = (...packages: readonly string[]): Promise<string> =>
    succeed(project.folder, 'npx', ['--yes', 'pnpm@9', 'add', '--prefer-offline', ...packages])

  beforeAll(async () => {
    project = await createConsumer()
    await add(await pack(project.folder), 'rxjs', 'fp-ts')
  })

  afterAll(() => project.remove())

  test('the compiler emits declarations of a watch, a client and an annotated codec', async () => {
    expect(await emit(project, typescript, nodenext, { 'library.mts': watch })).toBe('')
  })

  test('a codec that is re-exported needs io-ts as a dependency', async () => {
    const library = { 'library.mts': watch + codec }
    expect(await emit(project, typescript, nodenext, library)).toMatch(/passedOn.*io-ts/)
    await add('io-ts')
    expect(await emit(project, typescript, nodenext, library)).toBe('')
  })
})
