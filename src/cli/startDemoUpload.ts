import { readFile } from 'node:fs/promises'
import * as t from 'io-ts'
import * as E from 'fp-ts/lib/Either.js'
import { parsePollingUrl } from '../model/endpoint'
import type { UploadRef } from '../model/identifier'
import { sandboxAccount, type Sandbox } from '../sandbox'
import type { DemoUpload } from './commands/demoUploads'

/** What matters of the API's `202` answer. */
const Accepted = t.type({ polling_url: t.string })

/** Starts an upload as any client would: a POST, and the upload's name out of the answer. */
export const startDemoUpload = async (
  { url, apiKey }: Sandbox,
  { fileName, endpoint, from }: DemoUpload,
  file: string,
): Promise<UploadRef> => {
  const form = new FormData()
  form.set('async', 'true')
  if (from === 'file') form.set('file', new Blob([await readFile(file)]), fileName)
  else form.set('file_url', `https://media.example/${fileName}`)
  const response = await fetch(`${url}/api/${sandboxAccount}/media/${endpoint}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}` },
    body: form,
  })
  const accepted = Accepted.decode(await response.json())
  const ref = E.isLeft(accepted)
    ? accepted
    : parsePollingUrl(accepted.right.polling_url, { baseUrl: url })
  if (E.isRight(ref)) return ref.right
  throw new Error(`the sandbox refused ${fileName} (HTTP ${String(response.status)})`)
}
