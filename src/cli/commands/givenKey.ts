import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'
import { askKey } from '../../http/apiKey'
import { readKeyFile } from './keyFile'

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

/** A valid key, with a warning about its source, or null. */
export interface GivenKey {
  readonly key: string
  readonly warning: string | null
}

/** Finds the API key in `--key-file`, or else in the environment. A `Left` never holds the key. */
export const findApiKey = async (
  file: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<Either<string, GivenKey>> => {
  if (file !== undefined) return findFileKey(file)
  const key = env[keyVariable] ?? ''
  return key === ''
    ? E.left(`there is no API key: set ${keyVariable}, or give --key-file FILE`)
    : validate(key, keyVariable, null)
}

/** Finds the API key in a file. */
export const findFileKey = async (file: string): Promise<Either<string, GivenKey>> => {
  const content = await readKeyFile(file)
  return E.isLeft(content)
    ? content
    : validate(content.right.text, '--key-file', content.right.warning)
}

const validate = async (
  key: string,
  source: string,
  warning: string | null,
): Promise<Either<string, GivenKey>> =>
  E.bimap(
    ({ why }: { readonly why: string }) =>
      `the API key of ${source} ${/^bearer\s/i.test(key) ? 'must not begin with Bearer' : why}`,
    () => ({ key, warning }),
  )(await askKey(() => key))
