import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'
import { from, lastValueFrom, mergeMap, toArray } from 'rxjs'
import {
  completed,
  failed,
  pending,
  processing,
  startSandbox,
  type Sandbox,
  type Scenario,
} from 'rx-upload-status/sandbox'
import type { SampleRun } from './runSample'
import { sampleBuild, sampleFolder } from './sampleBuild'
import type { Sample } from './samples'

/** Samples that run at the same time. They mostly wait for their next poll. */
const atOnce = 8

/** The sandbox that stands in for the vendor, as the cookbook describes it. */
const startWorld = async (): Promise<Sandbox> => {
  const toEnd: Scenario = [pending(), processing(), completed()]
  const sandbox = await startSandbox({
    accounts: ['acct_1', 'fansly_acct_1'],
    scenarios: {
      'clip.mp4': toEnd,
      'teaser.mp4': toEnd,
      'broken.mp4': [processing(), failed('The file is no video.')],
    },
  })
  sandbox.script('fansly_acct_1', [pending(), completed()], 'fansly_media_1')
  for (const upload of ['ofapi_media_1', 'ofapi_media_2', 'ofapi_media_3'])
    sandbox.script('acct_1', toEnd, upload)
  sandbox.script('acct_1', [processing(), failed('The file is no video.')], 'ofapi_media_broken')
  return sandbox
}

/** Runs a program in its own thread until nothing keeps the thread alive. */
const runInThread = async (file: string, env: Record<string, string>): Promise<SampleRun> => {
  const worker = new Worker(file, { env, stdout: true, stderr: true })
  const thrown: unknown[] = []
  worker.on('error', error => thrown.push(error))
  const [output, errors, exit] = await Promise.all([
    text(worker.stdout),
    text(worker.stderr),
    new Promise<number>(resolve => worker.once('exit', resolve)),
  ])
  return { exit, output, errors: errors + thrown.map(error => inspect(error)).join('\n') }
}

const runInWorld = async (file: string): Promise<SampleRun> => {
  const sandbox = await startWorld()
  try {
    return await runInThread(file, {
      SAMPLE_SANDBOX: sandbox.url,
      ONLYFANSAPI_API_KEY: sandbox.apiKey,
    })
  } finally {
    await sandbox.close()
  }
}

/** Runs samples unchanged, each against its own sandbox. They are built together. */
export const runSamples = async (
  samples: readonly Sample[],
): Promise<ReadonlyMap<string, SampleRun>> => {
  const outdir = join(sampleFolder, 'together')
  await build({
    ...sampleBuild(
      samples.map(({ code }) => code),
      'test/docs/sandboxPlatform.ts',
    ),
    entryPoints: samples.map((_, i) => ({ in: `sample:${String(i)}`, out: String(i) })),
    splitting: true,
    outdir,
    outExtension: { '.js': '.mjs' },
  })
  const runs$ = from(samples.entries()).pipe(
    mergeMap(
      async ([i, { name }]) => [name, await runInWorld(join(outdir, `${String(i)}.mjs`))] as const,
      atOnce,
    ),
    toArray(),
  )
  return new Map(await lastValueFrom(runs$))
}
