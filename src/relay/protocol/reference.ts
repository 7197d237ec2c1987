import { isIdentifier, type UploadRef } from '../../api/uploadRef'
import { copyOf } from '../../failure/safeText'

/** Uploads that one stream may carry. */
export const mostUploads = 250

/** Characters of the references in one request: with its other headers they fit into 16 KiB. */
export const longestRefs = 12_000

/** One word for an upload. No id holds a slash. */
export const nameOf = ({ account, upload }: UploadRef): string => `${account}/${upload}`

/** The query that asks for uploads. Ids need no encoding. */
export const writeRefs = (refs: readonly UploadRef[]): string =>
  refs.map(ref => `ref=${nameOf(ref)}`).join('&')

/** Whether one request can ask for so many. */
export const fits = (refs: readonly UploadRef[]): boolean =>
  refs.length <= mostUploads && writeRefs(refs).length <= longestRefs

/** The uploads that a query asks for, each once; null where it asks for none, too many, or nonsense. */
export const readRefs = (query: URLSearchParams): readonly UploadRef[] | null => {
  const names = [...new Set(query.getAll('ref').map(copyOf))]
  const refs = names.flatMap(name => {
    const [account, upload, ...more] = name.split('/')
    return isIdentifier(account) && isIdentifier(upload) && more.length === 0
      ? { account, upload }
      : []
  })
  return refs.length > 0 && refs.length === names.length && refs.length <= mostUploads ? refs : null
}
