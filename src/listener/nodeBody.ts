/** The members of an `IncomingMessage` that the listener uses to read its body. */
export interface NodeBody {
  /** Whether a part of the body was already read. */
  readonly readableDidRead?: boolean | undefined
  /** The chunks of the body. */
  [Symbol.asyncIterator]?(): AsyncIterator<unknown>
}

const isBytes = (chunk: unknown): chunk is Uint8Array => chunk instanceof Uint8Array

/** Returns the body as a stream. Reads nothing before the stream is read. */
export const nodeBody = (request: NodeBody): ReadableStream<Uint8Array> => {
  let chunks: AsyncIterator<unknown> | undefined
  return new ReadableStream(
    {
      pull: async controller => {
        chunks ??= request[Symbol.asyncIterator]?.()
        const chunk: unknown = (await chunks?.next())?.value
        // Node emits bytes unless an encoding is set.
        if (isBytes(chunk)) controller.enqueue(chunk)
        else controller.close()
      },
    },
    { highWaterMark: 0 },
  )
}
