import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'
import { readFile } from 'node:fs/promises'
import { askKey } from '../../http/apiKey'
import { codeOf } from './errors'

/** The environment variable that holds the API key. */
export const keyVariable = 'ONLYFANSAPI_API_KEY'

/** The error message if an argument like `--api-key` is among the arguments; otherwise null. */
export const rejectKeyArgument = (args: readonly string[]): string | null => {
  const flag = args.map(arg => /^--?[\w-]*(?:key|token)(?==|$)/i.exec(arg)?.[0]).find(Boolean)
  return flag === undefined
    ? null
    : `${flag} is refused: the shell's history and the list of processes would show the key. ` +
        `Set ${keyVariable}, or give --key-file FILE`
}

/** Reads the API key from `--key-file`, or else from the environment. A `Left` never holds the key. */
export const findApiKey = async (
  file: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<Either<string, string>> => {
  if (file !== undefined) return readKeyFile(file)
  const key = env[keyVariable] ?? ''
  return key === ''
    ? E.left(`there is no API key: set ${keyVariable}, or give --key-file FILE`)
    : validate(key, keyVariable)
}

/** Reads an API key from a file; a line break at the end is ignored. */
export const readKeyFile = async (file: string): Promise<Either<string, string>> => {
  // The messages repeat neither path nor content: either could be the key, given by mistake.
  try {
    const key = (await readFile(file, 'utf8')).replace(/\r?\n$/, '')
    return key === ''
      ? E.left('the file of --key-file holds no key')
      : await validate(key, '--key-file')
  } catch (error) {
    return E.left(`--key-file cannot be read (${codeOf(error)})`)
  }
}

const validate = async (key: string, source: string): Promise<Either<string, string>> =>
  E.bimap(
    ({ why }: { readonly why: string }) => `the API key of ${source} ${why}`,
    () => key,
  )(await askKey(() => key))
