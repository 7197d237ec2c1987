import { resolve } from 'node:path'
import { build } from 'esbuild'
import tsconfig from '../../tsconfig.json'

/** Our own subpaths, taken from `src`, so that nothing has to be built before. */
const ours = Object.entries(tsconfig.compilerOptions.paths).map(
  ([name, [file = '']]) => [name, resolve(file)] as const,
)

/** Which React it is; the one for development mounts all twice in StrictMode. */
export type Mode = 'production' | 'development'

/** A script for browsers made from a module and all that it needs. */
export const bundle = async (entry: string, mode: Mode = 'production'): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    minify: true,
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
    alias: { ...Object.fromEntries(ours), '#platform': resolve('src/platform/browser.ts') },
    logLevel: 'warning',
  })
  return outputFiles.map(({ text }) => text).join('')
}
