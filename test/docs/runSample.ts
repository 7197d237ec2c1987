import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { build } from 'esbuild'
import { sampleBuild, sampleFolder } from './sampleBuild'

/** How a sample ended. */
export interface SampleRun {
  readonly exit: number | null
  readonly output: string
  readonly errors: string
}

/**
 * Runs a sample as a separate program, with our sources.
 *
 * @param platform the module that stands for `#platform`
 * @param env its whole environment
 */
export const runSample = async (
  code: string,
  platform: string,
  env: Readonly<Record<string, string>>,
): Promise<SampleRun> => {
  const id = createHash('sha1')
    .update(platform + code)
    .digest('hex')
  const outfile = join(sampleFolder, `${id}.mjs`)
  await build({
    ...sampleBuild([code], platform),
    entryPoints: ['sample:0'],
    outfile,
  })
  const child = spawn(process.execPath, [outfile], { env })
  const [output, errors, exit] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>(resolve => child.on('close', resolve)),
  ])
  return { exit, output, errors }
}
