import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

/** A wall clock that can be set, for a program that is not started yet. */
export interface WallClock {
  /** The environment variables of the program. */
  readonly env: Readonly<Record<string, string>>
  /** Sets the clock while the program runs, and returns the time that the program then reads. */
  readonly set: (program: ChildProcess & { readonly stderr: Readable }) => Promise<number>
}

/** Returns a wall clock that `set` moves by this many milliseconds, forward or back. */
export type MakeWallClock = (jump: number) => Promise<WallClock>

const preloaded = (code: string): string =>
  `--import=data:text/javascript,${encodeURIComponent(code)}`

const readOut = `process.on('SIGUSR2', () => process.stderr.write(Date.now() + '\\n'))`

const read: WallClock['set'] = async program => {
  const printed = once(program.stderr, 'data')
  program.kill('SIGUSR2')
  return Number(String(await printed))
}

/** Replaces `Date` in the program. It works everywhere, but only for JavaScript. */
export const replacedDate: MakeWallClock = jump =>
  Promise.resolve({
    env: {
      NODE_OPTIONS: preloaded(`
        let ahead = 0
        globalThis.Date = class extends Date {
          constructor(...given) {
            super(...(given.length === 0 ? [new.target.now()] : given))
          }
          static now() {
            return super.now() + ahead
          }
        }
        process.on('SIGUSR2', () => { ahead = ${String(jump)} })
        ${readOut}
      `),
    },
    set: read,
  })

const libraryFolders = (): readonly string[] =>
  ['/usr/lib', '/usr/lib64', '/usr/local/lib']
    .filter(existsSync)
    .flatMap(folder => [folder, ...readdirSync(folder).map(name => join(folder, name))])

/** The library that changes the clock of whole processes, if it is installed. */
const library = libraryFolders()
  .map(folder => join(folder, 'faketime/libfaketime.so.1'))
  .find(existsSync)

/** Sets the clock of the whole process, like the system; null if the library is not installed. */
export const libfaketime: MakeWallClock | null =
  library === undefined
    ? null
    : async jump => {
        const file = join(await mkdtemp(join(tmpdir(), 'upload-status-clock-')), 'now')
        await writeFile(file, '+0')
        return {
          env: {
            LD_PRELOAD: library,
            FAKETIME_TIMESTAMP_FILE: file,
            FAKETIME_NO_CACHE: '1',
            FAKETIME_DONT_FAKE_MONOTONIC: '1',
            NODE_OPTIONS: preloaded(readOut),
          },
          set: async program => {
            await writeFile(file, `${jump < 0 ? '' : '+'}${String(jump / 1_000)}`)
            return read(program)
          },
        }
      }
