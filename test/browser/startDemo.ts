import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** The demo as a user starts it, in its own process group. */
export interface RunningDemo {
  readonly url: string
  /** Its output so far. */
  readonly said: () => string
  /** Interrupts every process of the group, as Ctrl-C does. Resolves when all have ended. */
  readonly interrupt: () => Promise<void>
}

/** Runs `npm run demo:web` until it prints its address. */
export const startDemo = async (): Promise<RunningDemo> => {
  const program = spawn('npm', ['run', '--silent', 'demo:web'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const url = await new Promise<string>((resolve, reject) => {
    const listen = (piece: unknown): void => {
      said += String(piece)
      const address = /http:\/\/\S+/.exec(said)?.[0]
      if (address !== undefined) resolve(address)
    }
    program.stdout.on('data', listen)
    program.stderr.on('data', listen)
    program.once('exit', code => {
      reject(new Error(`the demo ended with ${String(code)}:\n${said}`))
    })
  })
  return { url, said: () => said, interrupt: () => interrupt(program) }
}

const interrupt = async (program: ChildProcess): Promise<void> => {
  if (program.pid === undefined) return
  // The output closes when the last process that could write to it has ended.
  const closed = once(program, 'close')
  process.kill(-program.pid, 'SIGINT')
  await closed
}
