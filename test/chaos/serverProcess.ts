import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Ports, Report, Start } from './serverProgram'

/** The process of the server and the proxy. */
export interface ServerProcess extends Ports {
  /** Breaks all connections, and returns what happened since the last call. */
  readonly settle: () => Promise<Report>
  readonly end: () => void
}

export const startServerProcess = async (start: Start): Promise<ServerProcess> => {
  const child = fork(join(import.meta.dirname, 'serverProgram.mjs'), { execArgv: [] })
  const ask = async (message: Start | 'settle'): Promise<unknown> => {
    const answered = once(child, 'message')
    child.send(message)
    const answers: readonly unknown[] = await answered
    return answers[0]
  }
  const ports = (await ask(start)) as Ports
  return {
    ...ports,
    settle: async () => (await ask('settle')) as Report,
    end: () => {
      child.disconnect()
    },
  }
}
