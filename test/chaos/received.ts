import type { TrackedStatus } from 'rx-upload-status'
import { serialOf } from './body'
import type { Request } from './faultServer'

/** A status that a watch emitted, and the number of the request that it answers. */
export interface Received {
  readonly serial: number
  readonly upload: string
  readonly status: string
}

/** The part of a value that our server can check; null if it did not come from there. */
export const receivedIn = ({ upload, status }: TrackedStatus): Received | null => {
  if (status._tag === 'Left') return null
  const serial = serialOf(status.right)
  return serial === null ? null : { serial, upload, status: status.right.status }
}

/** Describes the statuses that the server never sent completely and well-formed for this upload. */
export const madeUp = (
  received: readonly Received[],
  log: readonly Request[],
): readonly string[] => {
  const requests = new Map(log.map(request => [request.serial, request]))
  return received.flatMap(({ serial, upload, status }) => {
    const request = requests.get(serial)
    return request?.fault === null && request.upload === upload && request.status === status
      ? []
      : [`made up: ${upload} is ${status}, by request ${String(serial)}`]
  })
}
