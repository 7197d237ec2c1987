import { isIdentifier, type UploadRef } from '../../api/uploadRef'
import { copyOf } from '../../failure/safeText'

/** The most uploads that one stream may carry. */
export const maxUploads = 250

/** The most characters of references in one request. With its other headers they fit into 16 KiB. */
export const longestRefs = 12_000

/** The unique name of an upload. Ids contain no slash. */
export const nameOf = ({ account, upload }: UploadRef): string => `${account}/${upload}`

/** Writes the query that requests uploads. Ids need no encoding. */
export const writeRefs = (refs: readonly UploadRef[]): string =>
  refs.map(ref => `ref=${nameOf(ref)}`).join('&')

/** Whether one request can hold all these references. */
export const fits = (refs: readonly UploadRef[]): boolean =>
  refs.length <= maxUploads && writeRefs(refs).length <= longestRefs

/** Parses the uploads of a query without duplicates; null if there are none, too many, or bad ids. */
export const readRefs = (query: URLSearchParams): readonly UploadRef[] | null => {
  const names = [...new Set(query.getAll('ref').map(copyOf))]
  const refs = names.flatMap(name => {
    const [account, upload, ...more] = name.split('/')
    return isIdentifier(account) && isIdentifier(upload) && more.length === 0
      ? { account, upload }
      : []
  })
  return refs.length > 0 && refs.length === names.length && refs.length <= maxUploads ? refs : null
}
