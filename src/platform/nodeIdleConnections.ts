import type { Agent } from 'node:http'
import type { Duplex } from 'node:stream'

/** Closes the connection on which it listens. */
function closeOnData(this: Duplex): void {
  this.destroy()
}

const none = (): number => 0

/**
 * Makes an agent close a connection on which the server sends something while it is idle, such as a
 * `408`. Otherwise the next request on it would read that as its answer.
 *
 * Recent versions of Node do the same. But cross-fetch reports a chunked answer as truncated if anything
 * listens for data on its connection after the answer. So an idle connection tells it that nothing does.
 *
 * @see https://github.com/nodejs/node/issues/63989
 */
export const closingOnIdleData = <A extends Agent>(agent: A): A => {
  // Node's types declare that it returns nothing.
  const keep: (socket: Duplex) => unknown = agent.keepSocketAlive.bind(agent)
  agent.keepSocketAlive = socket => {
    const isKept = keep(socket)
    if (isKept === true) {
      socket.listenerCount = none
      socket.on('data', closeOnData).resume()
    }
    return isKept
  }
  const reuse = agent.reuseSocket.bind(agent)
  agent.reuseSocket = (socket, request) => {
    socket.off('data', closeOnData)
    reuse(socket, request)
    Reflect.deleteProperty(socket, 'listenerCount')
  }
  return agent
}
