import { codeOf } from './errors'

const reasons: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EISDIR', 'it is a folder'],
  ['ENOTDIR', 'a part of the path is no folder'],
  ['ENAMETOOLONG', 'the path is too long'],
  ['ENOSPC', 'no space is left'],
  ['EROFS', 'the file system is read-only'],
])

const reasonOf = (error: unknown, missing: string): string => {
  const code = codeOf(error)
  return code === 'ENOENT' ? missing : (reasons.get(code) ?? code)
}

/** Says why a file cannot be read. */
export const unreadable = (error: unknown): string =>
  `cannot be read: ${reasonOf(error, 'there is no such file')}`

/** Says why a file, or the output, cannot be written. */
export const unwritable = (error: unknown): string =>
  `cannot be written: ${reasonOf(error, 'its folder does not exist')}`
