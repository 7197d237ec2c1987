/** A line of a marble picture. The marbles are those of `TestScheduler.run`: a letter is a value. */
export interface Row {
  readonly label: string
  readonly marbles: string
  /** Its subscription: `500ms ^ 299ms !`. By default from the start to its end. */
  readonly subscription?: string
}

/** A picture that is asserted by a test and drawn. */
export interface Picture {
  /** The name of its file in `docs/marbles`. */
  readonly name: string
  /** What it shows, as a law. */
  readonly title: string
  /** What the operator reads, from top to bottom. The marbles of a `cold` one start with its subscription. */
  readonly inputs: readonly (Row & { readonly kind: 'cold' | 'hot' })[]
  /** The code between the inputs and the outputs. */
  readonly code: string
  readonly outputs: readonly Row[]
  /** Names of times, drawn below the outputs: from and to, in ms. */
  readonly spans?: ReadonlyArray<readonly [name: string, from: number, to: number]>
}

/** How a value is drawn. */
export interface Sign {
  readonly text: string
  readonly tone: 'status' | 'end' | 'failure' | 'switch'
}

/** The meaning of the letters in all pictures. */
export const signs = {
  p: { text: 'pending', tone: 'status' },
  w: { text: 'processing', tone: 'status' },
  c: { text: 'completed', tone: 'end' },
  f: { text: 'failed', tone: 'end' },
  u: { text: '503', tone: 'failure' },
  t: { text: '429: wait 3 s', tone: 'failure' },
  x: { text: '403', tone: 'failure' },
  e: { text: 'Expired', tone: 'failure' },
  P: { text: 'b: pending', tone: 'status' },
  C: { text: 'b: completed', tone: 'end' },
  y: { text: 'true', tone: 'switch' },
  n: { text: 'false', tone: 'switch' },
} as const satisfies Readonly<Record<string, Sign>>
