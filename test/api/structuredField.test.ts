import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { membersOf } from '../../src/api/structuredField'

const member = (value: string, parameters: Record<string, string> = {}, name = '') => ({
  name,
  value,
  parameters: new Map(Object.entries(parameters)),
})

test.each([
  ['100', [member('100')]],
  ['100, 100;w=60', [member('100'), member('100', { w: '60' })]],
  ['"default";r=50;t=30', [member('default', { r: '50', t: '30' })]],
  ['default;r=50', [member('default', { r: '50' })]],
  [
    'limit=100, remaining=50,reset=5',
    [member('100', {}, 'limit'), member('50', {}, 'remaining'), member('5', {}, 'reset')],
  ],
  ['"a, b;c=\\"1\\"";q=1', [member('a, b;c="1"', { q: '1' })]],
  ['"a=b";qu="content-bytes"', [member('a=b', { qu: 'content-bytes' })]],
  [' 5 ; W = 60 ', [member('5', { w: '60' })]],
  ['10;comment="a;b,c";w=1', [member('10', { comment: 'a;b,c', w: '1' })]],
  ['p;pk=:cGFydA==:;r=1', [member('p', { pk: ':cGFydA==:', r: '1' })]],
  ['a"b"', [member('a"b"')]],
  ['"b"c', [member('"b"c')]],
  [';', [member('')]],
  ['', []],
])('membersOf reads %j', (field, members) => {
  expect(membersOf(field)).toEqual(members)
})

test('membersOf ignores a missing header and one longer than 1,024 characters', () => {
  expect(membersOf(null)).toEqual([])
  expect(membersOf('1,'.repeat(512))).toHaveLength(512)
  expect(membersOf(`${'1,'.repeat(512)}1`)).toEqual([])
})

test('membersOf reads any string without an error', () => {
  const piece = fc.constantFrom('"', '\\', ',', ';', '=', ' ', 'w', 'r', '60', '\u{1F600}')
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 900 }).map(all => all.join('')),
  )
  fc.assert(
    fc.property(text, field => {
      for (const { name, value, parameters } of membersOf(field))
        expect([name, value, ...parameters.keys()].every(each => typeof each === 'string')).toBe(
          true,
        )
    }),
  )
})
