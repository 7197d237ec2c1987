import type { Readable } from 'node:stream'
import { isRecord } from '../api/parseJson'
import type { Reader } from '../http/body'

type Chunk = Awaited<ReturnType<Reader>>

/** A Node stream, or a similar one that may lack some of its members. */
export type NodeStream = Pick<Readable, 'on'> &
  Partial<Pick<Readable, 'destroy' | 'destroyed' | 'errored' | 'readableEnded'>>

// The streams of npm's fetch are not Node's own.
export const isNodeStream = (body: unknown): body is NodeStream =>
  isRecord(body) && typeof body['on'] === 'function'

/** Reads a Node stream with a fraction of the CPU time of its own iterator. */
export const nodeReader = (stream: NodeStream): Reader => {
  // A stream ends only after it was read, so the caller's fetch has read it.
  if (stream.readableEnded === true) throw new TypeError('the body has already been read')
  const chunks: Chunk[] = []
  let end: (() => Promise<Chunk>) | null = null
  let resolveNext: ((next: Chunk | Promise<Chunk>) => void) | null = null

  const finish = (how: () => Promise<Chunk>): void => {
    end ??= how
    resolveNext?.(end())
    resolveNext = null
  }
  const fail = (error: Error): void => {
    finish(() => Promise.reject(error))
    // On an abort node-fetch only emits an error; without this the stream would keep inflating.
    stream.destroy?.()
  }
  const closed = (): void => {
    const early = { code: 'ERR_STREAM_PREMATURE_CLOSE' }
    if (end === null) fail(stream.errored ?? Object.assign(new Error('closed early'), early))
  }

  stream.on('data', (value: Uint8Array) => {
    if (resolveNext === null) chunks.push({ value })
    else resolveNext({ value })
    resolveNext = null
  })
  stream.on('end', () => {
    finish(() => Promise.resolve({ done: true }))
  })
  stream.on('error', fail)
  stream.on('close', closed)
  // The stream may have failed before this reader was created.
  if (stream.destroyed === true) closed()

  return () => {
    const chunk = chunks.shift()
    if (chunk !== undefined) return Promise.resolve(chunk)
    if (end !== null) return end()
    return new Promise(resolve => {
      resolveNext = resolve
    })
  }
}
