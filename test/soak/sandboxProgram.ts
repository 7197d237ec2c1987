import { sandboxAccount, startSandbox, type Sandbox } from 'rx-upload-status/sandbox'
import { answerInChunks } from './answerInChunks'
import { scenarios } from './scenarios'

// The sandbox of a soak, in a process of its own. An order opens it, always at the same port; the
// next message closes it, and with it every connection.

/** What it is asked for. */
export interface Order {
  /** Begins the ids of its uploads. */
  readonly name: string
  /** For each upload the number of its scenario. */
  readonly scenarios: readonly number[]
}

/** What it answers to an order. */
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
