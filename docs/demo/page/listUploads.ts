import * as t from 'io-ts'
import { StartedUpload } from '../startedUpload'

/** The uploads that this page started before it was reloaded, or that another page started. */
export const listUploads = async (): Promise<readonly StartedUpload[]> => {
  const listed: unknown = await (await fetch('uploads')).json()
  return t.array(StartedUpload).is(listed) ? listed : []
}
