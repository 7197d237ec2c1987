/** What is read of the body of an `IncomingMessage`. */
export interface NodeBody {
  /** Whether a part of it was read already. */
  readonly readableDidRead?: boolean | undefined
  /** The chunks of the body. */
  [Symbol.asyncIterator]?(): AsyncIterator<unknown>
}

const isBytes = (chunk: unknown): chunk is Uint8Array => chunk instanceof Uint8Array

/** The body as a stream. Nothing is read before the stream is. */
export const nodeBody = (request: NodeBody): ReadableStream<Uint8Array> => {
  let chunks: AsyncIterator<unknown> | undefined
  return new ReadableStream(
    {
      pull: async controller => {
        chunks ??= request[Symbol.asyncIterator]?.()
        const chunk: unknown = (await chunks?.next())?.value
        // Without an encoding, Node gives bytes.
        if (isBytes(chunk)) controller.enqueue(chunk)
        else controller.close()
      },
    },
    { highWaterMark: 0 },
  )
}
