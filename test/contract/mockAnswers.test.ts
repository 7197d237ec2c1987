import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { decodeStatus } from '../../src/api/decode'
import {
  memberAt,
  memberPaths,
  withMember,
  withoutMember,
  type Members,
  type Path,
} from './members'
import { branches, isPublished, mockAnswer } from './mockAnswer'
import { published } from './published'

/** A seeded random number generator (mulberry32), from 0 up to 1. */
const seeded = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

/** The statuses and the required members of each published branch. */
const kinds = [
  { statuses: ['pending', 'processing'], needs: [] },
  { statuses: ['failed'], needs: ['error'] },
  { statuses: ['completed'], needs: ['media', 'media.id'] },
  { statuses: ['completed'], needs: ['media', 'media.prefixed_id'] },
] as const

const answers = Array.from({ length: 600 }, (_, seed) => {
  const { statuses, needs } = kinds[seed % 4] ?? kinds[0]
  const branch = branches[seed % 4]
  if (branch === undefined) throw new Error('no such branch')
  const status = statuses[Math.floor(seed / 4) % statuses.length] ?? statuses[0]
  const answer = mockAnswer(branch, status, seeded(seed))
  const always: readonly string[] = ['status', 'prefixed_id', ...needs]
  const optional = memberPaths(answer).filter(path => !always.includes(path.join('.')))
  return { seed, answer, optional }
})

const upload = (answer: Members): string => String(answer['prefixed_id'])

/** Whether an answer decodes to the same object: nothing was copied, dropped or changed. */
const isAccepted = (json: Members): boolean => {
  const decoded: E.Either<unknown, unknown> = decodeStatus(upload(json), json)
  return E.isRight(decoded) && decoded.right === json
}

/** The seeds and members with which a changed answer is refused. */
const refusals = (change: (answer: Members, path: Path) => Members): readonly string[] =>
  answers.flatMap(({ seed, answer, optional }) =>
    optional
      .filter(path => !isAccepted(change(answer, path)))
      .map(path => `${String(seed)}: ${path.join('.')}`),
  )

describe('600 mock answers from the corrected description', () => {
  test('conform to the description, 150 of each branch', () => {
    expect(branches.map(({ example }) => example)).toEqual(
      Object.values(published).map(({ example }) => example),
    )
    expect(answers.filter(({ answer }) => !isPublished(answer))).toEqual([])
    expect(answers.reduce((sum, { optional }) => sum + optional.length, 0)).toBeGreaterThan(3_000)
  })

  test('decode to the same objects', () => {
    expect(answers.filter(({ answer }) => !isAccepted(answer))).toEqual([])
  })

  test('decode with any one optional member missing', () => {
    expect(refusals(withoutMember)).toEqual([])
  })

  test('decode with any one optional member null', () => {
    expect(refusals((answer, path) => withMember(answer, path, null))).toEqual([])
  })

  test('decode with unknown members in any object', () => {
    const extended = (answer: Members, path: Path): Members => {
      const holder = path.slice(0, -1)
      const more = { colour: ['red'], _meta: { limit_day: null } }
      if (holder.length === 0) return { ...answer, ...more }
      return withMember(answer, holder, { ...(memberAt(answer, holder) as Members), ...more })
    }
    expect(refusals(extended)).toEqual([])
  })

  test('are malformed with an unknown status, which is reported', () => {
    const words = answers.map(({ answer }) =>
      decodeStatus(upload(answer), { ...answer, status: 'archived' }),
    )
    expect(words.filter(word => E.isRight(word) || word.left.status !== 'archived')).toEqual([])
  })
})
