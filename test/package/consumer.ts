import { execFile, type ExecFileException } from 'node:child_process'
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** How a command ended. */
export interface Run {
  readonly code: number | string
  readonly output: string
}

/** Without colours, which some tools print if `CI` is set. */
const plain = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined }

/** Runs a command to its end, however it ends. */
export const run = (cwd: string, command: string, args: readonly string[]): Promise<Run> =>
  new Promise(resolve => {
    const ended = (error: ExecFileException | null, stdout: string, stderr: string): void => {
      resolve({ code: error === null ? 0 : (error.code ?? 'killed'), output: stdout + stderr })
    }
    execFile(command, args, { cwd, env: plain, encoding: 'utf8', timeout: 300_000 }, ended)
  })

/** The output of a command, which must succeed. */
export const succeed = async (
  cwd: string,
  command: string,
  args: readonly string[],
): Promise<string> => {
  const { code, output } = await run(cwd, command, args)
  if (code !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${String(code)}:\n${output}`)
  return output
}

/** An empty project outside the checkout, so that it cannot resolve files of the checkout. */
export interface Consumer {
  readonly folder: string
  /** Adds packages, as a user does. */
  readonly install: (...packages: readonly string[]) => Promise<void>
  readonly write: (files: Readonly<Record<string, string>>) => Promise<void>
  readonly remove: () => Promise<void>
}

export const createConsumer = async (): Promise<Consumer> => {
  const folder = await mkdtemp(join(tmpdir(), 'consumer-'))
  const write = async (files: Readonly<Record<string, string>>): Promise<void> => {
    await Promise.all(
      Object.entries(files).map(async ([name, text]) => {
        await mkdir(dirname(join(folder, name)), { recursive: true })
        await writeFile(join(folder, name), text)
      }),
    )
  }
  await write({ 'package.json': '{ "private": true }' })
  return {
    folder,
    write,
    install: async (...packages) => {
      const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
      await succeed(folder, 'npm', ['install', ...flags, ...packages])
    },
    remove: () => rm(folder, { recursive: true }),
  }
}
