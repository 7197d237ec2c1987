import { readFile } from 'node:fs/promises'
import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'
import { askKey } from '../../pipeline/apiKey'
import { codeOf } from './errors'

/** The environment variable that holds the key. */
export const keyVariable = 'ONLYFANSAPI_API_KEY'

/** Why an argument such as `--api-key` is refused; null where there is none among them. */
export const keyInArguments = (args: readonly string[]): string | null => {
  const flag = args.map(arg => /^--?[\w-]*(?:key|token)(?==|$)/i.exec(arg)?.[0]).find(Boolean)
  return flag === undefined
    ? null
    : `${flag} is refused: the shell's history and the list of processes would show the key. ` +
        `Set ${keyVariable}, or give --key-file FILE`
}

// Neither the path nor the text is repeated: somebody may have put the key itself in their place.
const fromFile = async (file: string): Promise<Either<string, string>> => {
  try {
    const key = (await readFile(file, 'utf8')).replace(/\r?\n$/, '')
    return key === '' ? E.left('the file of --key-file holds no key') : E.right(key)
  } catch (error) {
    return E.left(`--key-file cannot be read (${codeOf(error)})`)
  }
}

const checked = async (key: string, source: string): Promise<Either<string, string>> => {
  const legal = await askKey(() => key)
  return E.isLeft(legal) ? E.left(`the API key of ${source} ${legal.left.why}`) : E.right(key)
}

/** The key in a file, without a newline at its end. A `Left` never holds the key. */
export const keyOfFile = async (file: string): Promise<Either<string, string>> => {
  const key = await fromFile(file)
  return E.isLeft(key) ? key : checked(key.right, '--key-file')
}

/** The key: that of the file where one is given, else that of the environment. */
export const findKey = async (
  file: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<Either<string, string>> => {
  if (file !== undefined) return keyOfFile(file)
  const key = env[keyVariable] ?? ''
  return key === ''
    ? E.left(`there is no API key: set ${keyVariable}, or give --key-file FILE`)
    : checked(key, keyVariable)
}
