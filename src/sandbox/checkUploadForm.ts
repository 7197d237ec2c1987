import type { UploadForm } from './http/uploadForm'
import { isEmpty } from './platform/imitatedPlatform'

/** An upload that a valid POST asks for. */
export interface UploadCommand {
  readonly kind: 'start'
  readonly async: boolean
  /** The name of the file, or the last segment of the path of the `file_url`. */
  readonly fileName: string
  readonly source: 'file' | 'file_url'
  /** The size of the file. A file behind a `file_url` is not downloaded and counts as 1 MB. */
  readonly bytes: number
}

/** A POST that is refused, with the message of the 422. */
export interface RefusedForm {
  readonly kind: 'refused'
  readonly error: string
}

/**
 * Checks a form as the API does: one source, an https URL, a boolean `async`, a size limit, and what
 * the platform checks.
 */
export const checkUploadForm = (
  { file, fields }: Extract<UploadForm, { readonly kind: 'fields' }>,
  maxFileBytes: number,
  checkFields: (fields: ReadonlyMap<string, unknown>) => string | null,
): UploadCommand | RefusedForm => {
  const fileUrl = fields.get('file_url')
  const hasUrl = !isEmpty(fileUrl)
  const isAsync = parseBoolean(fields.get('async'))
  if (isAsync === null) return refused('The async field must be true or false.')
  const wrongField = checkFields(fields)
  if (wrongField !== null) return refused(wrongField)
  if ((file !== null) === hasUrl) return refused('Provide exactly one of file and file_url.')
  if (file === null) {
    const fileName = fileNameOf(fileUrl)
    return fileName === null
      ? refused('The file_url must be an https URL.')
      : { kind: 'start', async: isAsync, fileName, source: 'file_url', bytes: 1_000_000 }
  }
  if (file.name === null) return refused('The file field must be a file.')
  return file.bytes > maxFileBytes
    ? refused(`The file must not be larger than ${String(maxFileBytes)} bytes.`)
    : { kind: 'start', async: isAsync, fileName: file.name, source: 'file', bytes: file.bytes }
}

const refused = (error: string): RefusedForm => ({ kind: 'refused', error })

const parseBoolean = (value: unknown): boolean | null => {
  switch (value) {
    case true:
    case 1:
    case 'true':
    case '1':
      return true
    case undefined:
    case null:
    case false:
    case 0:
    case 'false':
    case '0':
    case '':
      return false
    default:
      return null
  }
}

const fileNameOf = (url: unknown): string | null => {
  if (typeof url !== 'string' || !URL.canParse(url)) return null
  const { protocol, pathname } = new URL(url)
  const name = pathname.slice(pathname.lastIndexOf('/') + 1)
  return protocol === 'https:' ? decoded(name) || 'file' : null
}

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
