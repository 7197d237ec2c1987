import type { Socket } from 'node:net'

/** Bytes that are sent after a wait, in milliseconds. */
export interface Piece {
  readonly after: number
  readonly bytes: Buffer
}

/** What the server does on a connection to answer a request. */
export interface Delivery {
  readonly pieces: readonly Piece[]
  /** Sent repeatedly after the pieces until the client leaves, with these milliseconds between. */
  readonly endless?: { readonly every: number; readonly bytes: Buffer }
  /**
   * `keep` waits for the next request, `hold` sends no more and leaves closing to the client, `end`
   * closes the connection in order, `reset` breaks it.
   */
  readonly then: 'keep' | 'hold' | 'end' | 'reset'
}

export const piece = (bytes: Buffer | string, after = 0): Piece => ({
  after,
  bytes: typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes,
})

/** Sends a delivery, and calls `sent` when the last piece was sent. */
export const deliver = (
  socket: Socket,
  { pieces, endless, then }: Delivery,
  sent: () => void,
): void => {
  const timers = new Set<NodeJS.Timeout>()
  const stop = (): void => {
    for (const timer of timers) clearTimeout(timer)
  }
  socket.once('close', stop)
  const wait = (ms: number, work: () => void): void => {
    if (ms <= 0) {
      work()
      return
    }
    const timer = setTimeout(() => {
      timers.delete(timer)
      work()
    }, ms)
    timers.add(timer)
  }
  const finish = (): void => {
    if (socket.destroyed) return
    sent()
    if (then === 'keep') socket.off('close', stop)
    if (then === 'end') socket.end()
    // If a reset overtakes earlier bytes, it looks like an orderly end.
    if (then === 'reset')
      wait(pieces.length === 0 ? 0 : 5, () => {
        socket.resetAndDestroy()
      })
    if (endless !== undefined) {
      const again = (): void => {
        if (socket.writable) socket.write(endless.bytes)
        wait(endless.every, again)
      }
      again()
    }
  }
  const send = (nth: number): void => {
    const next = pieces[nth]
    if (next === undefined) {
      finish()
      return
    }
    wait(next.after, () => {
      if (socket.writable)
        socket.write(next.bytes, () => {
          send(nth + 1)
        })
    })
  }
  send(0)
}
