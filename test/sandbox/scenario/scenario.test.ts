import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  apiError,
  completed,
  cut,
  delayed,
  failed,
  html,
  json,
  parseScenario,
  pending,
  processing,
  reply,
  reset,
  silent,
  times,
  trickle,
  wire,
  type Scenario,
} from '../../../src/sandbox'
import { answerAt, scenarioLength } from '../../../src/sandbox/scenario/scenario'

const everyKind: Scenario = [
  pending(),
  processing(),
  completed(),
  completed('upload'),
  completed(undefined, { previews: 'urls' }),
  completed('vault', { previews: 'objects', mediaId: 'string' }),
  completed('vault', { mediaId: 'beside' }),
  failed(),
  failed('No.'),
  apiError(429, 'Slow down.', { code: 'rate', headers: { 'retry-after': '5' } }),
  apiError(500, 'Broken.'),
  json(200, { status: 'archived' }),
  html(502),
  reply(302, { location: 'https://login.example/' }),
  reply(200, { 'content-type': 'text/plain' }, 'hello'),
  cut(completed(), { after: 0.25, by: 'reset' }),
  trickle(html(503), { every: 10, bytes: 3 }),
  reset(),
  delayed(50, silent()),
  times(3, wire('\xff', 'stay')),
]

describe('a scenario', () => {
  test('answers polls in order, repeats as `times` says, and repeats the last one forever', () => {
    const script: Scenario = [pending(), times(2, processing()), html(502), completed()]
    const kinds = [1, 2, 3, 4, 5, 6, 1_000].map(poll => answerAt(script, poll).kind)
    expect(kinds).toEqual([
      'pending',
      'processing',
      'processing',
      'html',
      'completed',
      'completed',
      'completed',
    ])
  })

  test('answers like the list in which every repetition is written out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 }),
        counts => {
          const answers = counts.map((count, at) => times(count, failed(String(at))))
          const [first = times(1, pending()), ...rest] = answers
          const script: Scenario = [first, ...rest]
          const unrolled = counts.flatMap((count, at) => Array<string>(count).fill(String(at)))
          const given = unrolled.map((_, at) => answerAt(script, at + 1))
          expect(given.map(answer => 'error' in answer && answer.error)).toEqual(unrolled)
          expect(scenarioLength(script)).toBe(unrolled.length)
          expect(answerAt(script, unrolled.length + 1)).toEqual(script.at(-1))
        },
      ),
    )
  })

  test('is unchanged by a round trip through JSON', () => {
    expect(parseScenario(JSON.parse(JSON.stringify(everyKind)))).toEqual(everyKind)
  })

  test('may omit members with a default in JSON', () => {
    expect(
      parseScenario([
        { kind: 'failed' },
        { kind: 'json', status: 200, body: {} },
        { kind: 'reply', status: 204 },
        { kind: 'cut', of: { kind: 'pending' } },
        { kind: 'trickle', of: { kind: 'pending' } },
        { kind: 'wire', bytes: '' },
      ]),
    ).toEqual([failed(), json(200, {}), reply(204), cut(pending()), trickle(pending()), wire('')])
  })
})

test('parseScenario keeps a member named __proto__ as a plain member', () => {
  const body: unknown = JSON.parse('{"__proto__":{"status":"completed"}}')
  const [answer] = parseScenario([{ kind: 'json', status: 200, body }])
  expect(JSON.stringify(answer)).toContain('"body":{"__proto__":{"status":"completed"}}')
})

describe('an invalid scenario', () => {
  const cyclic: Record<string, unknown> = {}
  cyclic['self'] = cyclic

  test.each<[string, unknown, string]>([
    [
      'a body with a bigint',
      [json(200, { id: 1n })],
      'scenario[0].body must be an object that JSON',
    ],
    ['an object instead of a list', {}, 'scenario must be a list'],
    ['an empty list', [], 'scenario must hold at least one answer'],
    ['null instead of an answer', [null], 'scenario[0] must be an object'],
    ['an unknown kind', [{ kind: 'pending' }, { kind: 'lost' }], 'scenario[1].kind must be one of'],
    ['a kind from the prototype', [{ kind: 'constructor' }], 'scenario[0].kind must be one of'],
    ['an unknown member', [{ kind: 'pending', dely: 1 }], 'scenario[0] has no member named dely'],
    ['a negative delay', [delayed(-1, pending())], 'scenario[0].delay'],
    ['a delay of NaN', [delayed(Number.NaN, pending())], 'scenario[0].delay'],
    ['a delay beyond a timer', [delayed(2 ** 31, pending())], 'scenario[0].delay'],
    ['a delay that is a string', [{ kind: 'pending', delay: '1' }], 'scenario[0].delay'],
    ['zero times', [times(0, pending())], 'scenario[0].times'],
    ['times that are not a whole number', [times(1.5, pending())], 'scenario[0].times'],
    ['an informational status', [html(101)], 'scenario[0].status'],
    ['a status beyond 599', [apiError(600, 'no')], 'scenario[0].status'],
    ['an error without a text', [{ kind: 'apiError', status: 500 }], 'scenario[0].error'],
    ['an unknown endpoint', [{ kind: 'completed', endpoint: 'cdn' }], 'scenario[0].endpoint'],
    ['an unknown preview', [{ kind: 'completed', previews: 'none' }], 'scenario[0].previews'],
    ['an unknown media id', [{ kind: 'completed', mediaId: 1 }], 'scenario[0].mediaId'],
    ['a body that is a list', [{ kind: 'json', status: 200, body: [] }], 'scenario[0].body'],
    [
      'a body that JSON cannot hold',
      [json(200, cyclic)],
      'scenario[0].body must be an object that JSON can hold',
    ],
    [
      'a header that is not a string',
      [{ kind: 'reply', status: 200, headers: { a: 1 } }],
      'headers.a',
    ],
    [
      'a header with a line break',
      [reply(200, { a: 'b\r\nc: d' })],
      'scenario[0].headers.a must be a header',
    ],
    [
      'a header name with a space',
      [reply(200, { 'a b': 'c' })],
      'scenario[0].headers.a b must be a header',
    ],
    ['a cut after the end', [cut(pending(), { after: 1 })], 'scenario[0].after'],
    ['a cut of an empty body', [cut(reply(200))], 'scenario[0].of must be an answer with a body'],
    ['a cut of a bodiless status', [cut(html(204))], 'scenario[0].of'],
    ['a cut of a fault', [{ kind: 'cut', of: reset() }], 'scenario[0].of.kind'],
    [
      'a delay inside a cut',
      [cut(delayed(5, pending()))],
      'scenario[0].of has no member named delay',
    ],
    ['an unknown `by`', [{ kind: 'cut', of: pending(), by: 'magic' }], 'scenario[0].by'],
    ['chunks of 0 bytes', [trickle(pending(), { bytes: 0 })], 'scenario[0].bytes'],
    ['an unknown `then`', [{ kind: 'wire', bytes: '', then: 'go' }], 'scenario[0].then'],
  ])('throws an error that names the position: %s', (_, scenario, message) => {
    expect(() => parseScenario(scenario)).toThrow(message)
  })
})
