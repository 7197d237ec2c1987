/** The size of a terminal, in characters. */
export interface Size {
  readonly columns: number
  readonly rows: number
}

/** A stream that may be a terminal. */
export interface Screen extends NodeJS.WritableStream {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

/** The size of a terminal now. Some say 0 where they do not know. */
export const sizeOf = ({ columns, rows }: Screen): Size => ({
  columns: columns || 80,
  rows: rows || 24,
})

/** Whether what was written can be written over. */
export const isLive = ({ isTTY }: Screen, { TERM }: NodeJS.ProcessEnv): boolean =>
  isTTY === true && TERM !== 'dumb'
