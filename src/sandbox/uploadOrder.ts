import type { UploadForm } from './uploadForm'

/** What a POST asks for, once it is known to make sense; or why it does not. */
export type UploadOrder =
  | {
      readonly kind: 'order'
      readonly async: boolean
      /** The name of the file sent, or the last segment of the path of its URL. */
      readonly fileName: string
      readonly from: 'file' | 'file_url'
    }
  | { readonly kind: 'refused'; readonly error: string }

/** Judges a form as the API does: exactly one source, https, `async` a boolean, not too large. */
export const uploadOrder = (
  { file, fileUrl, async }: Extract<UploadForm, { kind: 'fields' }>,
  maxFileBytes: number,
): UploadOrder => {
  const hasUrl = fileUrl !== undefined && fileUrl !== null && fileUrl !== ''
  const background = asBoolean(async)
  if (background === null) return refused('The async field must be true or false.')
  if ((file !== null) === hasUrl) return refused('Provide exactly one of file and file_url.')
  if (file === null) {
    const fileName = nameInUrl(fileUrl)
    return fileName === null
      ? refused('The file_url must be an https URL.')
      : { kind: 'order', async: background, fileName, from: 'file_url' }
  }
  if (file.name === null) return refused('The file field must be a file.')
  return file.bytes > maxFileBytes
    ? refused(`The file must not be larger than ${String(maxFileBytes)} bytes.`)
    : { kind: 'order', async: background, fileName: file.name, from: 'file' }
}

const refused = (error: string): UploadOrder => ({ kind: 'refused', error })

const asBoolean = (value: unknown): boolean | null => {
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

const nameInUrl = (value: unknown): string | null => {
  if (typeof value !== 'string' || !URL.canParse(value)) return null
  const { protocol, pathname } = new URL(value)
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
