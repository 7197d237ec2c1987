import { object, text } from '../failure/checked'
import { isConnectionUrl } from './connectionUrl'
import type { CheckedPlace, QueuePlace } from './queues'
import { membersOf } from './redisClients'

/** Checks the location of the queue. @throws TypeError that names the option */
export const placeOf = ({ connection, name, prefix }: QueuePlace): CheckedPlace => {
  object(connection, 'connection')
  const url: unknown = Reflect.get(connection, 'url')
  if (typeof url === 'string' && url.includes('://') && !isConnectionUrl(url))
    throw new TypeError(
      'connection.url must be a URL: encode user name and password with encodeURIComponent',
    )
  // ioredis adds it to the keys that it sends, but not to those that the scripts of BullMQ create.
  const [client] = membersOf(connection, 'options')
  if ([connection, client].some(options => membersOf(options, 'keyPrefix').some(Boolean)))
    throw new TypeError('connection must have no keyPrefix; use the option prefix')
  const given = { name: name ?? 'upload-status', prefix: prefix ?? 'bull' }
  text(given.name, 'name')
  text(given.prefix, 'prefix')
  if (given.name === '' || given.name.includes(':'))
    throw new TypeError('name must be a non-empty string without a colon')
  // It is a part of the name of a connection, which Redis limits to these.
  if (/[^!-~]/.test(given.prefix))
    throw new TypeError('prefix must have no spaces and only ASCII characters')
  return { connection, ...given }
}

/** Checks that a client waits for Redis, as BullMQ demands of a worker. @throws TypeError */
export const requirePatience = (connection: unknown): void => {
  const [options] = membersOf(connection, 'options')
  // A client of a cluster has them one level deeper.
  const [ofNodes = options] = membersOf(options, 'redisOptions')
  if (membersOf(ofNodes, 'maxRetriesPerRequest').some(Boolean))
    throw new TypeError('connection must be a client with maxRetriesPerRequest: null')
}
