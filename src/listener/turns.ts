/** The members of a Node connection that the listener uses. */
export interface NodeConnection {
  /** Whether the connection was closed. */
  readonly destroyed: boolean
  /** Whether the connection uses TLS. */
  readonly encrypted?: boolean | undefined
  /** Closes the connection immediately. */
  destroy(): unknown
  /** Adds a listener that is called once. */
  once(event: 'close', listener: () => void): unknown
}

/** Starts to answer a request, calls `answered` once, and returns a function that stops it. */
export type Answer = (answered: () => void) => () => void

/** The most pipelined requests of a connection that may wait. Browsers and proxies send none. */
const maxWaiting = 8

const turnsOf = (connection: NodeConnection): ((answer: Answer) => void) => {
  const waiting: Answer[] = []
  let stop: (() => void) | null = null

  const next = (): void => {
    stop = null
    const answer = waiting.shift()
    if (answer !== undefined && !connection.destroyed) stop = answer(next)
  }

  connection.once('close', () => {
    waiting.length = 0
    stop?.()
  })

  return answer => {
    if (connection.destroyed) return
    if (waiting.length >= maxWaiting) {
      connection.destroy()
      return
    }
    waiting.push(answer)
    if (stop === null) next()
  }
}

/**
 * Answers the requests of each HTTP/1 connection one after another. It listens to the connection
 * because Node never emits `close` for a response that waits behind another one.
 */
export const createTurns = (): ((connection: NodeConnection, answer: Answer) => void) => {
  const connections = new WeakMap<NodeConnection, (answer: Answer) => void>()
  return (connection, answer) => {
    const take = connections.get(connection) ?? turnsOf(connection)
    connections.set(connection, take)
    take(answer)
  }
}
