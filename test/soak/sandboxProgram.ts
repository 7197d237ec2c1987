import { sandboxAccount, startSandbox, type Sandbox } from 'rx-upload-status/sandbox'
import { answerInChunks } from './answerInChunks'
import { scenarios } from './scenarios'

// The sandbox of a soak, in its own process. One message opens it, always at the same port; the next
// message closes it and its connections.

/** The message that opens the sandbox. */
export interface Order {
  /** The prefix of the ids of its uploads. */
  readonly name: string
  /** The number of the scenario of each upload. */
  readonly scenarios: readonly number[]
}

/** The answer to that message. */
export interface Premises {
  readonly url: string
  readonly apiKey: string
  readonly account: string
  readonly uploads: readonly string[]
}

let port = 0
let sandbox: Sandbox | null = null

const close = async (): Promise<'closed'> => {
  await sandbox?.close()
  return 'closed'
}

const open = async (order: Order): Promise<Premises> => {
  await close()
  const opened = await startSandbox({ port })
  sandbox = opened
  port = Number(new URL(opened.url).port)
  const uploads = order.scenarios.map((nth, place) => {
    const scenario = scenarios[nth]
    if (scenario === undefined) throw new RangeError(`no scenario ${String(nth)}`)
    return opened.script(
      sandboxAccount,
      scenario,
      `${order.name}_${String(place).padStart(4, '0')}`,
    ).upload
  })
  return { url: opened.url, apiKey: opened.apiKey, account: sandboxAccount, uploads }
}

answerInChunks()

process.on('message', (order: Order | 'close') => {
  void (order === 'close' ? close() : open(order)).then(answer => process.send?.(answer))
})
process.on('disconnect', () => process.exit())
