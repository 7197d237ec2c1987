import { once } from 'node:events'
import type { Server } from 'node:http'

/** The address of a server. */
export interface Address {
  readonly origin: string
  /** Whether only this machine can reach the server. */
  readonly loopback: boolean
}

/** Starts a server. Rejects with an Error that names the host and the port. */
export const listen = async (server: Server, host: string, port: number): Promise<Address> => {
  server.listen({ host, port })
  try {
    await once(server, 'listening')
  } catch (cause) {
    const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : cause
    const why = code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${String(code)})`
    throw new Error(`port ${String(port)} on ${host} ${why}`, { cause })
  }
  return addressOf(server)
}

const addressOf = (server: Server): Address => {
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('the server has no TCP address')
  const { address, port } = bound
  // A client cannot connect to the address that stands for all interfaces.
  const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address
  return {
    origin: `http://${host.includes(':') ? `[${host}]` : host}:${String(port)}`,
    loopback: address === '::1' || address.startsWith('127.'),
  }
}
