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

/** Numbers from 0 up to 1 that follow from a seed (mulberry32). */
const seeded = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

/** What a caller cannot do without, of each of the branches as published. */
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

/** Whether an answer is decoded to itself: nothing is copied, dropped or changed. */
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

describe('the 600 answers that a mock makes of the corrected description', () => {
  test('are as published, 150 of each branch', () => {
    expect(branches.map(({ example }) => example)).toEqual(
      Object.values(published).map(({ example }) => example),
    )
    expect(answers.filter(({ answer }) => !isPublished(answer))).toEqual([])
    expect(answers.reduce((sum, { optional }) => sum + optional.length, 0)).toBeGreaterThan(3_000)
  })

  test('are decoded, each to itself', () => {
    expect(answers.filter(({ answer }) => !isAccepted(answer))).toEqual([])
  })

  test('are decoded without any one optional member', () => {
    expect(refusals(withoutMember)).toEqual([])
  })

  test('are decoded where any one optional member is null', () => {
    expect(refusals((answer, path) => withMember(answer, path, null))).toEqual([])
  })

  test('are decoded where any object has a member that is new', () => {
    const extended = (answer: Members, path: Path): Members => {
      const holder = path.slice(0, -1)
      const more = { colour: ['red'], _meta: { limit_day: null } }
      if (holder.length === 0) return { ...answer, ...more }
      return withMember(answer, holder, { ...(memberAt(answer, holder) as Members), ...more })
    }
    expect(refusals(extended)).toEqual([])
  })

  test('are malformed with any other word as status, which is then named', () => {
    const words = answers.map(({ answer }) =>
      decodeStatus(upload(answer), { ...answer, status: 'archived' }),
    )
    expect(words.filter(word => E.isRight(word) || word.left.status !== 'archived')).toEqual([])
  })
})
