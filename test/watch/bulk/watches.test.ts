import { expect, test } from '@jest/globals'
import { right } from 'fp-ts/Either'
import { map, NEVER, of, timer } from 'rxjs'
import type { Answer } from '../../../src/api/answer'
import { settingsOf } from '../../../src/options'
import { direct } from '../../../src/runtime/context'
import { createWatches } from '../../../src/watch/bulk/watches'
import { spaced } from '../../../src/watch/schedule'
import { ok, pending, ref } from '../../answers'
import { marbles } from '../../marbles'

const refusal = (key: Answer['key']) =>
  right({
    status: 401,
    header: () => null,
    body: right({ error: 'Invalid API key.' }),
    receivedAt: 0,
    key,
  })

test.each<[Answer['key'], readonly string[]]>([
  ['refused', ['polls', 'asks', 'waits']],
  ['refusedBefore', ['polls']],
  [undefined, ['polls']],
])('a 401 whose key is %s ends the watches %p', (key, ended) => {
  const ends: string[] = []
  marbles(({ clock, at }) => {
    const requests = new Map([
      ['polls', timer(10).pipe(map(() => refusal(key)))],
      ['asks', NEVER],
      ['waits', of(ok({ ...pending, prefixed_id: 'waits' }))],
    ])
    const settings = settingsOf({ schedule: spaced(1_000), clock, random: () => 0.5 })
    const watches = createWatches(({ upload }) => right(requests.get(upload) ?? NEVER), settings)
    const running = [...requests.keys()].map(upload =>
      watches.start(
        { ...ref, upload },
        {
          inContext: direct,
          next: ({ _tag }) => {
            if (_tag === 'Left') ends.push(upload)
          },
          error: defect => {
            ends.push(String(defect))
          },
          complete: () => undefined,
        },
      ),
    )
    at(20, () => {
      running.forEach(watches.stop)
    })
  })
  expect(ends).toEqual(ended)
})
