import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Order, Premises } from './sandboxProgram'

/** A sandbox that is opened for each round, and closed after it. */
export interface SandboxProcess {
  readonly open: (order: Order) => Promise<Premises>
  /** Resolves when every connection is closed. */
  readonly close: () => Promise<void>
  /** Ends the process. */
  readonly end: () => void
}

/** Starts a process for the sandbox, so that its heap is not measured. */
export const startSandboxProcess = (): SandboxProcess => {
  const child = fork(join(import.meta.dirname, 'sandboxProgram.mjs'))
  const ask = async (order: Order | 'close'): Promise<unknown> => {
    const answered = once(child, 'message')
    child.send(order)
    const answers: readonly unknown[] = await answered
    return answers[0]
  }
  return {
    open: async order => (await ask(order)) as Premises,
    close: async () => {
      await ask('close')
    },
    end: () => {
      child.disconnect()
    },
  }
}
