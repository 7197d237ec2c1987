import { beforeAll, describe, expect, jest, test } from '@jest/globals'
import { ownDeclarations, type Declarations } from './declarations'
import { reachableFrom } from './reachable'

jest.setTimeout(120_000)

let declarations: Declarations

beforeAll(() => {
  declarations = ownDeclarations()
})

describe('the declarations', () => {
  test('name only what an entry exports', () => {
    const exported = new Set([...declarations.entries.values()].flat())
    expect(exported.size).toBeGreaterThan(100)
    expect(
      [...reachableFrom(declarations)]
        .filter(symbol => !exported.has(symbol))
        .map(
          symbol => `${symbol.declarations?.[0]?.getSourceFile().fileName ?? ''}: ${symbol.name}`,
        ),
    ).toEqual([])
  })
})
