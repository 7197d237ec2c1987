import type { Queue, QueueEvents, Worker } from 'bullmq'
import { fromEventPattern, type Observable } from 'rxjs'
import { isRecord } from '../api/parseJson'

// The ioredis clients inside the objects of BullMQ, which has no public access to them.

/** An object of BullMQ that has connections. */
export type Owner = Queue | QueueEvents | Worker

/** An ioredis client, which BullMQ wraps. */
export interface Client {
  readonly status: string
  readonly options: object
  readonly on: (event: string, listener: () => void) => unknown
  readonly off: (event: string, listener: () => void) => unknown
  readonly connect: () => Promise<void>
  readonly disconnect: () => void
}

/** Returns members of an object by their names, or nothing for any other value. */
export const membersOf = (owner: unknown, ...names: readonly string[]): readonly unknown[] =>
  isRecord(owner) ? names.map((name): unknown => Reflect.get(owner, name)) : []

/** The connection for commands, or the one that waits for jobs. */
export type Kind = 'connection' | 'blockingConnection'

/** The connections of an owner. BullMQ 6 has them in a backend, BullMQ 5 in the owner. */
export const connectionsOf = (owner: Owner, ...kinds: readonly Kind[]): readonly unknown[] =>
  [owner, ...membersOf(owner, 'backend')].flatMap(holder => membersOf(holder, ...kinds))

const isClient = (value: unknown): value is Client =>
  isRecord(value) &&
  membersOf(value, 'on', 'off', 'connect', 'disconnect').every(
    member => typeof member === 'function',
  )

/** The clients behind the connections of an owner. */
export const clientsOf = (owner: Owner, kind: Kind): readonly Client[] =>
  connectionsOf(owner, kind)
    .flatMap(connection => membersOf(connection, '_client'))
    .filter(isClient)

/** Emits each event of a client. */
export const on$ = (client: Client, event: string): Observable<unknown> =>
  fromEventPattern(
    listener => client.on(event, listener),
    listener => client.off(event, listener),
  )
