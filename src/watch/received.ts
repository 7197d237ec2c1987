import type { Either } from 'fp-ts/Either'
import type { Answer } from '../api/answer'
import { classify } from '../api/classify'
import { creditsOf, type Credits } from '../api/answerHeaders'
import { retryAfter } from '../api/retryAfter'
import type { UploadStatus } from '../api/status'
import * as E from '../failure/either'
import type { Failure } from '../failure/failure'
import { failedWith } from './transition'
import { reported, type Rules, type Transition } from './watchState'
import { answered, keyChanged } from './answered'

/** The decoded outcome of one attempt. */
export interface Received {
  readonly status: Either<Failure, UploadStatus>
  /** The wait that the answer requested, in milliseconds. */
  readonly retryAfter: number | null
  readonly key: Answer['key']
  readonly credits: Credits | null
}

/** Decodes an answer to a status or a typed failure, with the codecs of the API. */
export const decodeAnswer = (upload: string, answer: Either<Failure, Answer>): Received =>
  E.isLeft(answer)
    ? { status: answer, retryAfter: null, key: undefined, credits: null }
    : {
        status: classify(upload, answer.right),
        retryAfter: retryAfter(answer.right),
        key: answer.right.key,
        credits: creditsOf(answer.right),
      }

/** The transition for an answer. */
export const received = (answer: Received, rules: Rules): Transition =>
  answer.credits === null || answer.key === 'refusedBefore'
    ? meant(answer, rules)
    : reported({ _tag: 'CreditsReported', ...answer.credits }, meant(answer, rules))

const meant = ({ status, retryAfter, key }: Received, rules: Rules): Transition => {
  if (E.isLeft(status)) {
    if (key === 'changed') return keyChanged(status.left, rules)
    if (key === 'refusedBefore') return failedWith(status.left)
  }
  return answered(status, rules, retryAfter)
}
