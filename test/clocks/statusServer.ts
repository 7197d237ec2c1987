import { EventEmitter, once } from 'node:events'
import { whole, type Reply } from '../http/rawServer'
import { wire } from '../http/wire'

/** One poll, with milliseconds of the monotonic clock of this process. */
export interface Poll {
  readonly askedAt: number
  /** NaN before the answer. */
  answeredAt: number
}

/** A status server that records when each upload was polled. */
export interface StatusServer {
  readonly url: string
  readonly pollsOf: (upload: string) => readonly Poll[]
  /** Waits until the polls satisfy a condition. */
  readonly until: (holds: () => boolean) => Promise<void>
}

/** Answers the n-th poll of an upload, counted from 1. The server is closed after the test. */
export const statusServer = async (
  answer: (upload: string, nth: number) => Reply | Promise<Reply>,
): Promise<StatusServer> => {
  const polls = new Map<string, Poll[]>()
  const changes = new EventEmitter()
  const server = await wire((socket, request) => {
    const [, upload = ''] =
      /\/uploads\/([\w-]+)\/status /.exec(server.requests[request - 1] ?? '') ?? []
    const poll = { askedAt: performance.now(), answeredAt: NaN }
    const earlier = polls.get(upload) ?? []
    polls.set(upload, [...earlier, poll])
    void Promise.resolve(answer(upload, earlier.length + 1)).then(reply => {
      poll.answeredAt = performance.now()
      reply(socket, request)
      changes.emit('change')
    })
  })
  return {
    url: server.url.replace(/\/$/, ''),
    pollsOf: upload => polls.get(upload) ?? [],
    until: async holds => {
      while (!holds()) await once(changes, 'change')
    },
  }
}

/** A status of an upload, as the API answers it. */
export const saying = (upload: string, status: 'pending' | 'processing' | 'completed'): Reply =>
  whole(
    200,
    JSON.stringify({
      status,
      prefixed_id: upload,
      ...(status === 'completed' && { media: { id: 7 } }),
    }),
  )

/** Milliseconds from each answer to the next poll. */
export const waitsOf = (polls: readonly Poll[]): readonly number[] =>
  polls.slice(1).map(({ askedAt }, nth) => askedAt - (polls[nth]?.answeredAt ?? NaN))
