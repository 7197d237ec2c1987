import { expect, test } from '@jest/globals'
import { left, right, type Either } from 'fp-ts/Either'
import type { ObservableNotification } from 'rxjs'
import { expired, type Failure } from '../../src/failure/failure'
import type { UploadStatus } from '../../src/api/status'
import { completed, failed, pending, processing } from '../answers'
import { howItWent } from './howItWent'

type Heard = ObservableNotification<Either<Failure, UploadStatus>>

const next = (status: UploadStatus): Heard => ({ kind: 'N', value: right(status) })
const gaveUp: Heard = { kind: 'N', value: left(expired(1)) }
const over: Heard = { kind: 'C' }
const broke: Heard = { kind: 'E', error: new Error('a defect') }

test.each<[string, readonly Heard[]]>([
  ['completed', [next(pending), next(processing), next(completed), over]],
  ['failed', [next(failed), over]],
  ['Expired', [next(pending), gaveUp, over]],
  ['left', []],
  ['left', [next(pending)]],
  ['broken', [over]],
  ['broken', [next(pending), over]],
  ['broken', [next(completed)]],
  ['broken', [next(completed), next(completed), over]],
  ['broken', [gaveUp, next(pending), over]],
  ['broken', [next(completed), gaveUp, over]],
  ['broken', [broke]],
  ['broken', [next(pending), broke]],
])('a watch is classified as %s', (went, heard) => {
  expect(howItWent(heard)).toBe(went)
})
