import { join } from 'node:path'
import type { BuildOptions, Plugin } from 'esbuild'

const root = join(__dirname, '../..')
const inRoot = (file: string): string => join(root, file)

const subpaths = [
  'relay/client',
  'relay',
  'bullmq',
  'opentelemetry',
  'react',
  'sandbox',
  'testing',
  'vue',
  'webhook',
] as const

/** The folder in which built samples are, so that Node finds the packages that they import. */
export const sampleFolder = inRoot('node_modules/.cache/samples')

/**
 * Loads the platform, which redirects `fetch`, also into a sample that does not import our package. The
 * import is used, because a bundler omits what has no side effects.
 */
const withPlatform = "import platform from '#platform'\nconsole.assert(platform)\n"

/** Makes entry points of code blocks: `sample:0` is the first. */
const entriesOf = (codes: readonly string[]): Plugin => ({
  name: 'samples',
  setup: builder => {
    builder.onResolve({ filter: /^sample:/ }, ({ path }) => ({
      path: path.slice('sample:'.length),
      namespace: 'sample',
    }))
    builder.onLoad({ filter: /./, namespace: 'sample' }, ({ path }) => ({
      contents: `${withPlatform}${codes[Number(path)] ?? ''}`,
      resolveDir: root,
      loader: 'ts',
    }))
  },
})

/** Leaves packages to Node, except those that every sample uses: reading them once is faster. */
const external: Plugin = {
  name: 'external',
  setup: builder => {
    builder.onResolve({ filter: /^[@a-z]/ }, ({ path }) =>
      /^(sample:|rx-upload-status|(rxjs|fp-ts|io-ts|tslib)(\/|$))/.test(path)
        ? null
        : { path, external: true },
    )
  },
}

/** Bundles samples with our sources: `sample:0` is the first. */
export const sampleBuild = (codes: readonly string[], platform: string) =>
  ({
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias: {
      ...Object.fromEntries(
        subpaths.map(path => [`rx-upload-status/${path}`, inRoot(`src/${path}/index.ts`)]),
      ),
      'rx-upload-status': inRoot('src/index.ts'),
      '#platform': inRoot(platform),
    },
    plugins: [entriesOf(codes), external],
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
  }) satisfies BuildOptions
