import { readdir, readFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { build, type BuildOptions } from 'esbuild'
import ts from 'typescript'
import {
  bin,
  dependencies,
  exports as subpaths,
  imports as ownNames,
  name,
  peerDependencies,
  peerDependenciesMeta,
  version,
} from '../../package.json'
import { createConsumer, run, succeed, type Consumer } from './consumer'

/**
 * The proof: what `npm pack` makes, installed in an empty folder and used by all who may use it.
 * Nothing here reads `src`, or `dist` other than as it was installed.
 */
jest.setTimeout(300_000)

const checkout = process.cwd()
/** What npm does not install by itself. */
const frameworks = Object.keys(peerDependenciesMeta)
const specifiers = Object.keys(subpaths).map(subpath => join(name, subpath))

let consumer: Consumer
let tarball: string

beforeAll(async () => {
  consumer = await createConsumer()
  const { folder } = consumer
  await succeed(checkout, 'npm', ['pack', '--ignore-scripts', '--pack-destination', folder])
  tarball = join(folder, `${name}-${version}.tgz`)
  await consumer.install(tarball, ...frameworks)
  await consumer.write(programs)
})

afterAll(() => consumer.remove())

/** A watch from its first status to its last, against the sandbox of the same package. */
const watch = `
  const sandbox = await startSandbox()
  const { account, upload } = sandbox.script(sandbox.accounts[0], [processing(), completed()])
  const { apiKey, url: baseUrl } = sandbox
  const end = await uploadOutcome(account, upload, { apiKey, baseUrl, schedule: () => 1 })()
  await sandbox.close()
  if (end.right?.status !== 'completed') throw new Error(describe(end.left))
`

const esm = `
  import { describe, uploadOutcome } from '${name}'
  import { completed, processing, startSandbox } from '${name}/sandbox'
  ${watch}
  console.log('completed')
`

const cjs = `
  const { describe, uploadOutcome } = require('${name}')
  const { completed, processing, startSandbox } = require('${name}/sandbox')
  const watch = async () => { ${watch} }
`

const programs = {
  'watch.mjs': esm,
  'watch.cjs': `${cjs} watch().then(() => console.log('completed'))`,
  'watch.test.cjs': `${cjs}
    test('an upload is watched', async () => {
      await watch()
      const loaded = Object.keys(require.cache).filter(file => file.includes('/platform/'))
      expect(loaded).toContainEqual(expect.stringContaining('/browser.cjs'))
      expect(loaded.filter(file => /platform.(node|reactNative|edge|transport)/.test(file))).toEqual([])
    })
  `,
  'load.mjs': `
    for (const specifier of process.argv.slice(2))
      await import(specifier, specifier.endsWith('.json') ? { with: { type: 'json' } } : {})
    console.log('loaded')
  `,
  'load.cjs': `
    process.argv.slice(2).forEach(require)
    console.log('loaded')
  `,
}

/** The files of a package that a bundle has taken code from. */
const bundled = async (
  contents: string,
  options: BuildOptions,
): Promise<{ readonly code: string; readonly inputs: readonly string[] }> => {
  const { metafile, outputFiles } = await build({
    stdin: { contents, resolveDir: consumer.folder },
    absWorkingDir: consumer.folder,
    bundle: true,
    metafile: true,
    write: false,
    outfile: 'bundle.js',
    ...options,
  })
  return {
    code: outputFiles?.[0]?.text ?? '',
    inputs: Object.values(metafile?.outputs ?? {}).flatMap(output =>
      Object.entries(output.inputs)
        .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
        .map(([file]) => file.replace('node_modules/', '')),
    ),
  }
}

const installed = (file: string): Promise<string> =>
  readFile(join(consumer.folder, 'node_modules', name, file), 'utf8')

const filesOfTarball = async (): Promise<readonly string[]> => {
  const list = await succeed(consumer.folder, 'tar', ['-tzf', tarball])
  return list.split('\n').filter(file => file !== '')
}

describe('the tarball', () => {
  test('contains the build and the files that npm shows', async () => {
    const files = (await filesOfTarball()).map(file => file.replace('package/', ''))
    const docs = (await readdir(join(checkout, 'docs'), { recursive: true }))
      .filter(file => /\.(md|svg)$/.test(file))
      .map(file => `docs/${file}`)
      .sort()
    const isBuilt = (file: string): boolean => /^dist\/.*\.(c?js|d\.c?ts)$/.test(file)
    expect(files.filter(file => !isBuilt(file)).sort()).toEqual([
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'dist/cli/THIRD-PARTY-LICENSES',
      'dist/sandbox/THIRD-PARTY-LICENSES',
      ...docs,
      'package.json',
    ])
  })

  test('has declarations without imports that only the package itself can resolve', async () => {
    const files = (await filesOfTarball()).filter(file => /\.d\.c?ts$/.test(file))
    const texts = await Promise.all(files.map(file => installed(file.replace('package/', ''))))
    expect(texts.filter(text => /['"](#|node:)/.test(text))).toEqual([])
  })

  test('imports only Node, its dependencies and its own files', async () => {
    const files = (await filesOfTarball()).filter(file => /\.c?js$/.test(file))
    const texts = await Promise.all(files.map(file => installed(file.replace('package/', ''))))
    const packages = texts
      .flatMap(text => ts.preProcessFile(text, true, true).importedFiles)
      .map(({ fileName }) => fileName)
      .filter(specifier => !/^(\.|#platform$|fp-ts\/lib\/\w+\.js$)/.test(specifier))
      .filter(specifier => !isBuiltin(specifier))
    expect([...new Set(packages)].sort()).toEqual(
      [...Object.keys(dependencies), ...frameworks, 'rxjs'].sort(),
    )
  })

  test('marks the React entry with "use client"', async () => {
    for (const file of ['dist/react/index.js', 'dist/react/index.cjs'])
      expect(await installed(file)).toMatch(/^"use client"/)
  })

  test.each([
    ['cli', 'https-proxy-agent'],
    ['cli', 'string-width'],
    ['sandbox', '@fastify/busboy'],
  ])('contains the licences of bundled packages: %s, %s', async (folder, inlined) => {
    const notices = await installed(`dist/${folder}/THIRD-PARTY-LICENSES`)
    expect(notices).toMatch(new RegExp(`^${inlined} \\d`, 'm'))
  })
})

describe('in Node', () => {
  const majors = ['20', '22', '24']
  let nodes: readonly string[] = []

  beforeAll(async () => {
    const said = await succeed(checkout, process.execPath, ['.ci/nodes.js', ...majors])
    nodes = said.trim().split('\n')
  })

  const nodeOf = (major: string): string => nodes[majors.indexOf(major)] ?? ''

  describe.each(majors)('%s', major => {
    test.each(['load.mjs', 'load.cjs'])('every subpath loads: %s', async program => {
      const args = ['--no-warnings', program, ...specifiers]
      expect(await succeed(consumer.folder, nodeOf(major), args)).toBe('loaded\n')
    })

    test.each(['watch.mjs', 'watch.cjs'])('a watch completes: %s', async program => {
      expect(await succeed(consumer.folder, nodeOf(major), [program])).toBe('completed\n')
    })

    test('the command line runs', async () => {
      const program = join(consumer.folder, 'node_modules', name, bin['rx-upload-status'])
      expect(await succeed(consumer.folder, nodeOf(major), [program, '--version'])).toBe(
        `${version}\n`,
      )
    })
  })

  test('the oldest supported peers work', async () => {
    const old = await createConsumer()
    const oldest = Object.entries(peerDependencies).map(
      ([peer, range]) => peer + range.replace(/^\^|^>=/, '@'),
    )
    await old.install(tarball, ...oldest)
    await old.write(programs)
    expect(await succeed(old.folder, 'node', ['watch.mjs'])).toBe('completed\n')
    expect(await succeed(old.folder, 'node', ['watch.cjs'])).toBe('completed\n')
    expect(await succeed(old.folder, 'node', ['load.cjs', ...specifiers])).toBe('loaded\n')
    await old.remove()
  })

  test('the command line is found by its name', async () => {
    const command = join(consumer.folder, 'node_modules/.bin/rx-upload-status')
    expect(await succeed(consumer.folder, command, ['--help'])).toMatch(
      /^Usage: npx rx-upload-status/m,
    )
  })
})

describe('in jest with the conditions of jsdom', () => {
  test('the CommonJS files load, with the browser platform', async () => {
    const config = JSON.stringify({
      testMatch: ['**/watch.test.cjs'],
      testEnvironmentOptions: { customExportConditions: ['browser'] },
      transform: {},
    })
    const jestHere = join(checkout, 'node_modules/jest/bin/jest.js')
    const args = [jestHere, '--rootDir', consumer.folder, '--config', config]
    expect(await succeed(consumer.folder, process.execPath, args)).toMatch(/^Tests: +1 passed/m)
  })
})

describe('in a bundle', () => {
  const whole = `export * from '${name}'`
  const ofOtherHosts = /\/platform\/(node|reactNative|edge|transport)/

  test('for a browser contains no code of another platform', async () => {
    const { code, inputs } = await bundled(whole, { platform: 'browser', format: 'esm' })
    expect(inputs.filter(file => /cross-fetch|node-fetch|\/lib\//.test(file))).toEqual([])
    expect(inputs).toContain(`${name}/dist/platform/browser.js`)
    expect(inputs.filter(file => ofOtherHosts.test(file))).toEqual([])
    expect(code).not.toMatch(/require\(|node:|XMLHttpRequest|process\.env/)
  })

  test('for React Native contains the fetch of React Native', async () => {
    const { inputs } = await bundled(whole, {
      conditions: ['react-native'],
      mainFields: ['react-native', 'browser', 'main'],
      format: 'esm',
    })
    expect(inputs.filter(file => file.includes('cross-fetch'))).toEqual([
      'cross-fetch/dist/react-native-ponyfill.js',
    ])
    expect(inputs).toContain(`${name}/dist/platform/reactNative.js`)
    expect(inputs.filter(file => /\/platform\/(node|browser|edge|transport)/.test(file))).toEqual(
      [],
    )
  })

  type Target = string | null | { readonly [condition: string]: Target }

  const choose = (target: Target, conditions: readonly string[]): string | undefined =>
    typeof target === 'string'
      ? target
      : Object.entries(target ?? {})
          .filter(([condition]) => conditions.includes(condition))
          .map(([, next]) => choose(next, conditions))[0]

  // Metro joins each to the package's folder, and because of one that leaves it refuses them all.
  test.each(['import', 'require'])(
    "for React Native resolves the package's own imports to its files: %s",
    kind => {
      const targets = Object.values<Target>(ownNames)
        .map(target => choose(target, ['react-native', kind, 'default']))
        .filter(target => target !== undefined)
      expect(targets.filter(target => !target.startsWith('./'))).toEqual([])
      expect(targets).toContainEqual(expect.stringContaining('/reactNative.'))
    },
  )

  test('for Node runs a watch', async () => {
    const { code } = await bundled(programs['watch.cjs'], { platform: 'node', format: 'cjs' })
    await consumer.write({ 'bundle.cjs': code })
    expect(await succeed(consumer.folder, 'node', ['bundle.cjs'])).toBe('completed\n')
  })

  test('omits what is not used', async () => {
    const unused = specifiers.map(specifier => `import '${specifier}'`).join('\n')
    const { code } = await bundled(unused, { platform: 'node', logLevel: 'silent', minify: true })
    expect(code).toBe('')
    const { inputs } = await bundled(`export { describe } from '${name}'`, { format: 'esm' })
    expect(inputs.filter(file => !file.startsWith(`${name}/dist/failure/`))).toEqual([])
  })
})

describe('in TypeScript', () => {
  const use = `
    import type { Either } from 'fp-ts/Either'
    import type { TaskEither } from 'fp-ts/TaskEither'
    import type { Observable } from 'rxjs'
    import {
      createUploadStatusClient,
      uploadOutcome,
      uploadStatus$,
      type Failure,
      type TerminalStatus,
      type UploadStatus,
    } from '${name}'
    import { startSandbox, type Sandbox } from '${name}/sandbox'

    const upload = ['acct_1', 'ofapi_media_1'] as const
    export const watch$: Observable<Either<Failure, UploadStatus>> = uploadStatus$(...upload)
    export const end: TaskEither<Failure, TerminalStatus> = uploadOutcome(...upload)
    export const client = createUploadStatusClient({ deadline: 60_000 })
    export const sandbox: Promise<Sandbox> = startSandbox({ port: 0 })

    // @ts-expect-error: types that are not found would allow anything.
    export const wrong$: number = uploadStatus$(...upload)
    // @ts-expect-error: there is no such option.
    uploadStatus$(...upload, { patience: 1 })
    // @ts-expect-error: there is no such port.
    startSandbox({ port: 'none' })
  `
  const nodenext = { module: 'nodenext' }
  const bundler = { module: 'esnext', moduleResolution: 'bundler' }
  const dual = ['use.mts', 'use.cts']

  /** Without Node's types, and with every declaration checked. */
  test.each([
    ['typescript', nodenext, dual],
    ['typescript7', nodenext, dual],
    ['typescript', { module: 'node16' }, dual],
    ['typescript7', { module: 'node16' }, dual],
    ['typescript', bundler, ['use.ts']],
    ['typescript7', bundler, ['use.ts']],
    [
      'typescript',
      { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' },
      ['use.ts'],
    ],
  ])('the types are right: %s %j', async (compiler, mode, files) => {
    const compilerOptions = {
      ...mode,
      target: 'es2022',
      lib: ['es2022', 'dom'],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
    }
    await consumer.write({
      ...Object.fromEntries(files.map(file => [file, use])),
      'tsconfig.json': JSON.stringify({ compilerOptions, files }),
    })
    const tsc = join(checkout, 'node_modules', compiler, 'bin/tsc')
    expect(await run(consumer.folder, process.execPath, [tsc])).toEqual({ code: 0, output: '' })
  })

  test.each(['dist/index.d.ts', 'dist/sandbox/index.d.ts'])(
    'every export of %s has a docstring',
    file => {
      const path = join(consumer.folder, 'node_modules', name, file)
      const program = ts.createProgram([path], {
        module: ts.ModuleKind.NodeNext,
        moduleResolution: ts.ModuleResolutionKind.NodeNext,
        types: [],
      })
      const checker = program.getTypeChecker()
      const source = program.getSourceFile(path)
      const module = source === undefined ? undefined : checker.getSymbolAtLocation(source)
      const names = module === undefined ? [] : checker.getExportsOfModule(module)
      const declared = names.map(symbol =>
        symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
      )
      expect(declared.length).toBeGreaterThan(0)
      expect(
        declared
          .filter(symbol => symbol.getDocumentationComment(checker).length === 0)
          .map(symbol => symbol.name),
      ).toEqual([])
    },
  )
})
