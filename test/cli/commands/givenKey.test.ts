import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/Either'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findApiKey } from '../../../src/cli/commands/givenKey'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upload-status-key-'))
})
afterAll(() => rm(folder, { recursive: true }))

const fileOf = async (content: string): Promise<string> => {
  const file = join(folder, 'key')
  await writeFile(file, content)
  return file
}

describe('the key', () => {
  test('comes from the environment', async () => {
    expect(await findApiKey(undefined, { ONLYFANSAPI_API_KEY: 'sk_env' })).toEqual(
      E.right('sk_env'),
    )
  })

  test('comes from the file if one is given', async () => {
    const file = await fileOf('sk_file')
    expect(await findApiKey(file, { ONLYFANSAPI_API_KEY: 'sk_env' })).toEqual(E.right('sk_file'))
  })

  test.each(['sk_file\n', 'sk_file\r\n'])('is read without the newline of %j', async content => {
    expect(await findApiKey(await fileOf(content), {})).toEqual(E.right('sk_file'))
  })

  test.each([{}, { ONLYFANSAPI_API_KEY: '' }])('is missing in %j', async env => {
    const message = 'there is no API key: set ONLYFANSAPI_API_KEY, or give --key-file FILE'
    expect(await findApiKey(undefined, env)).toEqual(E.left(message))
  })

  test.each(['sk secret', 'sk_secret\n\n', 'sk_secret\u00e9', 'sk_secret\r\nx'])(
    'is rejected, and not repeated, if it is %j',
    async key => {
      const why = 'must be visible ASCII without spaces'
      expect(await findApiKey(undefined, { ONLYFANSAPI_API_KEY: key })).toEqual(
        E.left(`the API key of ONLYFANSAPI_API_KEY ${why}`),
      )
      expect(await findApiKey(await fileOf(key), {})).toEqual(
        E.left(`the API key of --key-file ${why}`),
      )
    },
  )

  test('is missing in an empty file', async () => {
    expect(await findApiKey(await fileOf('\n'), {})).toEqual(
      E.left('the file of --key-file holds no key'),
    )
  })

  test('is not repeated if it was given as the path', async () => {
    expect(await findApiKey('sk_secret', {})).toEqual(E.left('--key-file cannot be read (ENOENT)'))
    expect(await findApiKey(folder, {})).toEqual(E.left('--key-file cannot be read (EISDIR)'))
  })
})
