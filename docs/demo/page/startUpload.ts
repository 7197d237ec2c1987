import * as t from 'io-ts'
import { StartedUpload } from '../startedUpload'

/** What the server said to a file or a URL that was sent to it. */
export type Start =
  | { readonly state: 'started'; readonly upload: StartedUpload }
  | { readonly state: 'refused'; readonly why: string }

/** A file, or the URL of one. */
export type Origin = File | string

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** What an upload is called: the name of its file, or the last segment of the path of its URL. */
export const nameOf = (origin: Origin): string =>
  typeof origin === 'string'
    ? decoded(/([^/?#]+)\/?(?:[?#].*)?$/.exec(origin)?.[1] ?? origin)
    : origin.name

const Refused = t.type({ error: t.string })

/** Sends a file or a URL to the page's own server, in the form of the API. */
export const startUpload = async (origin: Origin): Promise<Start> => {
  const form = new FormData()
  form.set('async', 'true')
  form.set(typeof origin === 'string' ? 'file_url' : 'file', origin)
  try {
    const query = new URLSearchParams({ name: nameOf(origin) })
    const response = await fetch(`uploads?${query.toString()}`, { method: 'POST', body: form })
    const answer: unknown = await response.json()
    if (StartedUpload.is(answer)) return { state: 'started', upload: answer }
    return { state: 'refused', why: Refused.is(answer) ? answer.error : 'It was refused.' }
  } catch {
    return { state: 'refused', why: 'The server of this page cannot be reached.' }
  }
}

/** The uploads that this page started before it was reloaded, or that another page started. */
export const listUploads = async (): Promise<readonly StartedUpload[]> => {
  const listed: unknown = await (await fetch('uploads')).json()
  return t.array(StartedUpload).is(listed) ? listed : []
}
