import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/Either'
import { execFileSync } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findApiKey as findKey } from '../../../src/cli/commands/givenKey'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upload-status-key-'))
})
afterAll(() => rm(folder, { recursive: true }))

const findApiKey = async (
  file: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<E.Either<string, string>> =>
  E.map(({ key }: { readonly key: string }) => key)(await findKey(file, env))

const fileOf = async (content: string | Buffer): Promise<string> => {
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

  test.each(['sk_file\n', 'sk_file\r\n', '\uFEFFsk_file', 'sk_file \t\n\n', ' sk_file'])(
    'is read without byte-order mark and white space from %j',
    async content => {
      expect(await findApiKey(await fileOf(content), {})).toEqual(E.right('sk_file'))
    },
  )

  test.each([{}, { ONLYFANSAPI_API_KEY: '' }])('is missing in %j', async env => {
    const message = 'there is no API key: set ONLYFANSAPI_API_KEY, or give --key-file FILE'
    expect(await findApiKey(undefined, env)).toEqual(E.left(message))
  })

  test.each(['sk secret', 'sk_secret\u00e9', 'sk_secret\r\nx'])(
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

  test.each(['Bearer sk_secret', 'bearer\tsk_secret'])('is the key alone: %j', async key => {
    expect(await findApiKey(undefined, { ONLYFANSAPI_API_KEY: key })).toEqual(
      E.left('the API key of ONLYFANSAPI_API_KEY must not begin with Bearer'),
    )
  })

  test.each<[string, string | Buffer, string]>([
    ['an empty file', '\n', 'holds no key: it is empty'],
    ['a long file', 'k'.repeat(4_097), 'holds no key: it is longer than 4 KiB'],
    ['UTF-16', Buffer.from('\uFEFFsk', 'utf16le'), 'is not UTF-8, but UTF-16: save it as UTF-8'],
    ['big-endian UTF-16', Buffer.from([0xfe, 0xff, 0, 0x73]), 'but UTF-16: save'],
    ['UTF-16 without a mark', Buffer.from('sk', 'utf16le'), 'is not UTF-8: save it as UTF-8'],
  ])('in %s is an error that names the path', async (_, content, why) => {
    const file = await fileOf(content)
    const error = E.swap(await findApiKey(file, {}))
    expect(error).toMatchObject({ right: expect.stringContaining(`--key-file: ${file} `) })
    expect(error).toMatchObject({ right: expect.stringContaining(why) })
  })

  test('in an endless device is an error', async () => {
    const message = '--key-file: /dev/zero holds no key: it is longer than 4 KiB'
    expect(await findApiKey('/dev/zero', {})).toEqual(E.left(message))
  })

  test.each([
    ['./no-such-file', 'there is no such file'],
    ['/dev/null/key', 'a part of the path is no folder'],
    ['key.txt', 'there is no such file'],
    ['ofapi-key', 'there is no such file'],
    ['.', 'it is a folder'],
  ])(
    'in an unreadable file is an error that names the path and the reason: %s',
    async (path, why) => {
      expect(await findApiKey(path, {})).toEqual(
        E.left(`--key-file: ${path} cannot be read: ${why}`),
      )
    },
  )

  test('in a missing file is an error that shows the path without control characters', async () => {
    expect(await findApiKey('./a\u001B[2Jb\u202E', {})).toEqual(
      E.left('--key-file: ./ab cannot be read: there is no such file'),
    )
  })

  test.each(['sk_secret', 'ofapi_4711', 'a'.repeat(32), 'eyJh.eyJz.c2VjcmV0'])(
    'is not repeated if it was given as the path: %s',
    async path => {
      const message = '--key-file: the file cannot be read: there is no such file'
      expect(await findApiKey(path, {})).toEqual(E.left(message))
    },
  )

  test.each([
    [0o644, expect.stringMatching(/^every user of this machine can read the key .*chmod 600 \//)],
    [0o640, null],
    [0o600, null],
  ])('in a file of mode %o has the right warning, or none', async (mode, warning) => {
    const file = await fileOf('sk_file')
    await chmod(file, mode)
    expect(await findKey(file, {})).toEqual(E.right({ key: 'sk_file', warning }))
  })

  test('is read from a pipe as soon as it has a writer', async () => {
    const file = join(folder, 'pipe')
    execFileSync('sh', ['-c', 'mkfifo "$0"', file])
    const key = findApiKey(file, {})
    await writeFile(file, 'sk_pipe\n')
    expect(await key).toEqual(E.right('sk_pipe'))
  })
})
