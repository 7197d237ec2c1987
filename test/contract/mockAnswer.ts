import { Ajv, type ValidateFunction } from 'ajv'
import type { Members } from './members'
import { corrected } from './published'

/** The published schema of a value. */
interface PublishedSchema {
  readonly type: string
  readonly nullable?: boolean
  readonly properties?: Readonly<Record<string, PublishedSchema>>
  readonly items?: PublishedSchema
  readonly example?: unknown
}

interface Corrected {
  readonly paths: {
    readonly '/api/{account}/media/uploads/{upload}/status': {
      readonly get: {
        readonly responses: {
          readonly '200': {
            readonly content: {
              readonly 'application/json': {
                readonly schema: { readonly anyOf: readonly PublishedSchema[] }
              }
            }
          }
        }
      }
    }
  }
}

const schema = (corrected as Corrected).paths['/api/{account}/media/uploads/{upload}/status'].get
  .responses['200'].content['application/json'].schema

/** The four kinds of answers, as published. */
export const branches = schema.anyOf

/** The validator of all answers, by the corrected description. */
export const isPublished: ValidateFunction = new Ajv({ strict: false }).compile(schema)

const signs = ['a', 'Z', '7', '_', ' ', '/', 'ä', '漢', '😀', '\u0000', '"', '\\', '\n']

/** A mock value of the published type, with every published member. */
const mockValue = (of: PublishedSchema, random: () => number): unknown => {
  const upTo = (most: number): number => Math.floor(random() * (most + 1))
  if (of.nullable === true && random() < 0.3) return null
  switch (of.type) {
    case 'string':
      return Array.from({ length: upTo(20) }, () => signs[upTo(signs.length - 1)]).join('')
    case 'integer':
      return upTo(Number.MAX_SAFE_INTEGER)
    case 'number':
      return random() * 1e6
    case 'boolean':
      return random() < 0.5
    case 'array': {
      const { items } = of
      return items === undefined
        ? []
        : Array.from({ length: upTo(3) }, () => mockValue(items, random))
    }
    case 'object':
      return Object.fromEntries(
        Object.entries(of.properties ?? {}).map(([name, each]) => [name, mockValue(each, random)]),
      )
    default:
      throw new Error(`cannot create a value of type ${of.type}`)
  }
}

/** A mock answer. Its `status` is a parameter, because it is published as any string. */
export const mockAnswer = (branch: PublishedSchema, status: string, random: () => number) =>
  ({ ...(mockValue(branch, random) as Members), status }) satisfies Members
