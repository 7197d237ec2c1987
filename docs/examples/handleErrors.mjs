// Failures as errors, for code that has catchError or try/catch already.
import { orThrow, uploadStatus$, UploadStatusError } from 'rx-upload-status'
import { completed, startSandbox } from 'rx-upload-status/sandbox'
import { catchError, EMPTY, lastValueFrom, throwError } from 'rxjs'

const sandbox = await startSandbox()
const { account, upload } = sandbox.script('acct_1', [completed()])
const baseUrl = sandbox.url

// With catchError: an upload that does not exist is skipped. Everything else stays an error.
const skipped$ = uploadStatus$(account, 'ofapi_media_missing', {
  baseUrl,
  apiKey: sandbox.apiKey,
}).pipe(
  orThrow(),
  catchError((/** @type {unknown} */ error) => {
    const isMissing =
      error instanceof UploadStatusError &&
      error.failure._tag === 'Rejected' &&
      error.failure.status === 404
    return isMissing ? EMPTY : throwError(() => error)
  }),
)
console.log(await lastValueFrom(skipped$, { defaultValue: 'skipped' }))

// With try/catch: a wrong key.
try {
  const end = await lastValueFrom(
    uploadStatus$(account, upload, { baseUrl, apiKey: 'a-key-that-is-wrong' }).pipe(orThrow()),
  )
  console.log(end.status)
} catch (error) {
  if (!(error instanceof UploadStatusError)) throw error
  console.log(error.failure._tag + ':', error.message)
}

await sandbox.close()
