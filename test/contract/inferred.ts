import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Members } from './members'
import type { Schema } from './schemaArbitrary'

interface Inferred {
  readonly paths: {
    readonly [path: string]: Readonly<
      Partial<Record<'get' | 'post', { readonly responses: Readonly<Record<string, Response>> }>>
    >
  }
  readonly components: {
    readonly responses: Readonly<Record<string, Response>>
    readonly schemas: Readonly<Record<string, Schema>>
  }
}

type Response =
  | { readonly $ref: string }
  | {
      readonly content: {
        readonly 'application/json': {
          readonly schema: { readonly $ref: string }
          readonly examples?: Readonly<Record<string, { readonly value: Members }>>
        }
      }
    }

/** The description that we infer, as plain data. */
export const inferred = parse(readFileSync(join(__dirname, 'inferred.openapi.yaml'), 'utf8'), {
  merge: true,
}) as Inferred

/** All schemas that we infer, by name. */
export const schemas = inferred.components.schemas

// Strict: a keyword that is misspelt here would accept everything.
const ajv = new Ajv2020({
  allErrors: true,
  strict: true,
  allowUnionTypes: true,
  strictTypes: false,
})
ajv.addSchema({ $id: 'inferred:', components: { schemas } }, undefined, undefined, false)
ajv.addVocabulary(['components'])

/** The validator of one schema, by its name. */
export const inferredSchema = (name: string): ValidateFunction => {
  const validate = ajv.getSchema(`inferred:#/components/schemas/${name}`)
  if (validate === undefined) throw new Error(`no schema ${name}`)
  return validate
}

const responseOf = (operation: string, status: number): Exclude<Response, { $ref: string }> => {
  const [method = '', path = ''] = operation.split(' ')
  const described =
    inferred.paths[path]?.[method === 'POST' ? 'post' : 'get']?.responses[String(status)]
  const response =
    described !== undefined && '$ref' in described
      ? inferred.components.responses[described.$ref.replace('#/components/responses/', '')]
      : described
  if (response === undefined || '$ref' in response) {
    throw new Error(`not described: ${String(status)} of ${operation}`)
  }
  return response
}

/** The validator of one answer of an operation, like `GET /api/{account}/media/uploads`. */
export const inferredAnswer = (operation: string, status: number): ValidateFunction =>
  inferredSchema(
    responseOf(operation, status).content['application/json'].schema.$ref.replace(
      '#/components/schemas/',
      '',
    ),
  )

/** The examples of one answer of an operation. */
export const inferredExamples = (
  operation: string,
  status: number,
): Readonly<Record<string, Members>> =>
  Object.fromEntries(
    Object.entries(responseOf(operation, status).content['application/json'].examples ?? {}).map(
      ([name, { value }]) => [name, value],
    ),
  )
