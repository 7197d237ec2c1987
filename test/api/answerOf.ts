import { right } from 'fp-ts/Either'
import type { Answer } from '../../src/api/answer'

/** An answer with the members that matter to a test. Header names are in lower case. */
export const answerOf = ({
  headers = {},
  ...rest
}: Partial<Omit<Answer, 'header'>> & {
  readonly headers?: { readonly [name: string]: string }
} = {}): Answer => ({
  status: 200,
  header: name => headers[name] ?? null,
  body: right(null),
  receivedAt: 0,
  ...rest,
})
