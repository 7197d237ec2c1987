import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

/** A running Prism: a proxy that adds `sl-violations` to a response if its exchange has any. */
interface Prism {
  readonly close: () => Promise<void>
}

/** Returns a port that is free now. */
export const freePort = async (): Promise<number> => {
  const probe = createServer()
  await once(probe.listen(0, '127.0.0.1'), 'listening')
  const address = probe.address()
  await new Promise(resolve => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no TCP port')
  return address.port
}

/** Starts Prism between `port` and `upstream`, with a description as plain data. */
export const openPrism = async (
  installation: string,
  description: unknown,
  port: number,
  upstream: string,
): Promise<Prism> => {
  const folder = await mkdtemp(join(tmpdir(), 'prism-'))
  const file = join(folder, 'openapi.json')
  await writeFile(file, JSON.stringify(description))
  const program = join(installation, 'node_modules/@stoplight/prism-cli/dist/index.js')
  const flags = ['proxy', file, upstream, '--host', '127.0.0.1', '--port', String(port)]
  const child = spawn(process.execPath, [program, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] })
  await listening(child)
  return {
    close: async () => {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const listening = (child: ChildProcessByStdio<null, Readable, Readable>): Promise<void> =>
  new Promise((resolve, reject) => {
    let printed = ''
    const read = (text: unknown): void => {
      printed += String(text)
      if (/listening on/i.test(printed)) resolve()
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('close', () => {
      reject(new Error(`Prism has ended: ${printed}`))
    })
  })
