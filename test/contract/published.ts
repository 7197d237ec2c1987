import { Ajv, type ValidateFunction } from 'ajv'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Members } from './members'

/** The vendor's own description of the endpoint, byte for byte. */
export const publishedText = readFileSync(join(__dirname, 'published.openapi.yaml'), 'utf8')

interface StatusSchema {
  readonly oneOf: ReadonlyArray<{ readonly description: string; readonly example: Members }>
}

interface Published {
  readonly paths: {
    readonly '/api/{account}/media/uploads/{upload}/status': {
      readonly get: {
        readonly responses: {
          readonly '200': {
            readonly content: { readonly 'application/json': { readonly schema: StatusSchema } }
          }
        }
      }
    }
  }
}

/** The published description, as plain data. */
export const publishedDescription: unknown = parse(publishedText)

/**
 * The published description with one word changed. None of its branches requires a member, so that
 * several accept each answer: `oneOf` rejects that, `anyOf` does not.
 */
export const corrected: unknown = parse(publishedText.replace(/\boneOf:/, 'anyOf:'))

const statusSchema = (publishedDescription as Published).paths[
  '/api/{account}/media/uploads/{upload}/status'
].get.responses['200'].content['application/json'].schema

// Not strict: OpenAPI 3.0 has keywords that are not in JSON Schema, like `example`.
const ajv = new Ajv({ strict: false, allErrors: true })

/** The published schema of a `200`, as a whole. */
export const publishedStatus: ValidateFunction = ajv.compile(statusSchema)

/** One of its four branches, by the vendor's description of it. */
export interface Branch {
  readonly example: Members
  readonly validate: ValidateFunction
}

const branch = (description: string): Branch => {
  const found = statusSchema.oneOf.find(one => one.description === description)
  if (found === undefined) throw new Error(`not published: ${description}`)
  return { example: found.example, validate: ajv.compile(found) }
}

/** The vendor's four branches, under our names. */
export const published = {
  processing: branch('Upload still processing'),
  failed: branch('Upload failed'),
  completedVault: branch('Completed POST /media/vault upload'),
  completedCdn: branch('Completed POST /media/upload upload'),
} as const
