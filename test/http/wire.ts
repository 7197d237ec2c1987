import { afterEach } from '@jest/globals'
import { openWire, type Reply, type Wire } from './rawServer'

const opened: Wire[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map(each => each.close()))
})

/** A raw server that is closed after the test. */
export const wire = async (reply: Reply, port?: number): Promise<Wire> => {
  const server = await openWire(reply, port)
  opened.push(server)
  return server
}
