import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Consumer } from '../package/consumer'

/** A worker that is being served. */
export interface Worker {
  readonly url: string
  readonly close: () => Promise<void>
}

const config = (date: string): string => `
  using Workerd = import "/workerd/workerd.capnp";
  const config :Workerd.Config = (
    services = [
      (name = "main", worker = (
        modules = [(name = "main.mjs", esModule = embed "worker-bundle.mjs")],
        compatibilityDate = "${date}",
      )),
      (name = "internet", network = (allow = ["public", "private"])),
    ],
    sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
  );
`

/** Serves a worker on a free port, as of a compatibility date. */
export const openWorkerd = async (
  workerd: string,
  { folder, write }: Consumer,
  code: string,
  date: string,
): Promise<Worker> => {
  await write({ 'worker-bundle.mjs': code, 'worker.capnp': config(date) })
  const args = ['serve', 'worker.capnp', '--control-fd=3']
  const child = spawn(workerd, args, {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  })
  const control = child.stdio[3]
  if (control === null || control === undefined) throw new Error('no control pipe')
  const port = await new Promise<string>((resolve, reject) => {
    let said = ''
    control.on('data', (piece: Buffer) => {
      said += piece.toString()
      const found = /"event":"listen","socket":"http","port":(\d+)/.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.on('exit', code => {
      reject(new Error(`workerd ended with ${String(code)}`))
    })
  })
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}
