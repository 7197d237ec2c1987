import fc from 'fast-check'

/** The keywords of JSON Schema that the inferred description uses. */
export interface Schema {
  readonly $ref?: string
  readonly description?: string
  readonly const?: unknown
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly oneOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
}

const known: ReadonlySet<string> = new Set<keyof Schema>([
  '$ref',
  'description',
  'const',
  'type',
  'properties',
  'required',
  'items',
  'oneOf',
  'anyOf',
  'minimum',
  'maximum',
  'minLength',
])

/** Any JSON, words of the contract in wrong places, and invalid numbers. */
const junk = fc.oneof(
  { weight: 4, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  { weight: 1, arbitrary: fc.constantFrom('pending', 'processing', 'completed', 'failed', '1') },
  // `1e999` is valid JSON, which is parsed as Infinity.
  { weight: 1, arbitrary: fc.constantFrom(Infinity, -Infinity, NaN) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 0.5, 2 ** 53, 1e308) },
)

// Names from other branches, and names that every object inherits.
const unnamedNames = ['id', 'prefixed_id', 'media', 'error', '__proto__', 'constructor', 'toString']

/**
 * Values of a schema, with additional members.
 *
 * @param misses the percentage of positions inside a value that are spoilt: by junk, or by an
 *   object without some of its members
 */
export const schemaArbitrary = (
  schemas: Readonly<Record<string, Schema>>,
  schema: Schema,
  misses: number,
): fc.Arbitrary<unknown> => {
  const unknown = Object.keys(schema).filter(keyword => !known.has(keyword))
  if (unknown.length > 0) throw new Error(`cannot generate from ${unknown.join(', ')}`)
  const spoilt = <A>(right: fc.Arbitrary<A>, wrong: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 100 - misses, arbitrary: right }, { weight: misses, arbitrary: wrong })
  const inside = (inner: Schema): fc.Arbitrary<unknown> => schemaArbitrary(schemas, inner, misses)

  const object = (): fc.Arbitrary<unknown> => {
    const { properties = {}, required = [] } = schema
    const members = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, inside(property)]),
    )
    const named = spoilt(
      fc.record(members, { requiredKeys: [...required], noNullPrototype: true }),
      fc.record(members, { requiredKeys: [], noNullPrototype: true }),
    )
    const unnamed = fc.dictionary(
      fc
        .oneof(fc.string(), fc.constantFrom(...unnamedNames))
        .filter(name => !Object.hasOwn(properties, name)),
      fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.string()),
      { maxKeys: 2, noNullPrototype: true },
    )
    return fc.tuple(unnamed, named).map(([more, members]) => ({ ...more, ...(members as object) }))
  }

  const typed = (type: string): fc.Arbitrary<unknown> => {
    switch (type) {
      case 'null':
        return fc.constant(null)
      case 'boolean':
        return fc.boolean()
      case 'string':
        return fc.string({ minLength: schema.minLength ?? 0 })
      case 'number':
        return fc.oneof(fc.integer(), fc.double({ noDefaultInfinity: true, noNaN: true }))
      case 'integer': {
        const { minimum: min = Number.MIN_SAFE_INTEGER, maximum: max = Number.MAX_SAFE_INTEGER } =
          schema
        return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max))
      }
      case 'array':
        return fc.array(schema.items ? inside(schema.items) : fc.jsonValue({ maxDepth: 1 }), {
          maxLength: 3,
        })
      case 'object':
        return object()
      default:
        throw new Error(`cannot generate type ${type}`)
    }
  }

  if (schema.$ref !== undefined) {
    const target = schemas[schema.$ref.replace('#/components/schemas/', '')]
    if (target === undefined) throw new Error(`no schema ${schema.$ref}`)
    return inside(target)
  }
  const branches = schema.oneOf ?? schema.anyOf
  if (branches !== undefined) return fc.oneof(...branches.map(inside))
  if ('const' in schema) return spoilt(fc.constant(schema.const), junk)
  return spoilt(fc.oneof(...[schema.type ?? []].flat().map(typed)), junk)
}
