import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { build } from 'esbuild'

const root = join(__dirname, '../..')
const inRoot = (file: string): string => join(root, file)

/** How a sample ended. */
export interface SampleRun {
  readonly exit: number | null
  readonly output: string
  readonly errors: string
}

/**
 * Runs a sample as a program of its own, on our sources.
 *
 * @param platform the module that stands for `#platform`
 * @param env its whole environment
 */
export const runSample = async (
  code: string,
  platform: string,
  env: Readonly<Record<string, string>>,
): Promise<SampleRun> => {
  const folder = inRoot('node_modules/.cache/samples')
  mkdirSync(folder, { recursive: true })
  const id = createHash('sha1')
    .update(platform + code)
    .digest('hex')
  const outfile = join(folder, `${id}.mjs`)
  await build({
    stdin: { contents: code, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: {
      'rx-upload-status/relay/client': inRoot('src/relay/client/index.ts'),
      'rx-upload-status/relay': inRoot('src/relay/index.ts'),
      'rx-upload-status/bullmq': inRoot('src/bullmq/index.ts'),
      'rx-upload-status/react': inRoot('src/react/index.ts'),
      'rx-upload-status/sandbox': inRoot('src/sandbox/index.ts'),
      'rx-upload-status/testing': inRoot('src/testing/index.ts'),
      'rx-upload-status/vue': inRoot('src/vue/index.ts'),
      'rx-upload-status/webhook': inRoot('src/webhook/index.ts'),
      'rx-upload-status': inRoot('src/index.ts'),
      '#platform': inRoot(platform),
    },
  })
  const child = spawn(process.execPath, [outfile], { env })
  const [output, errors, exit] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>(resolve => child.on('close', resolve)),
  ])
  return { exit, output, errors }
}
