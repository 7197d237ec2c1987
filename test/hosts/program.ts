import { name } from '../../package.json'

/** What the program says where all went well. */
export const allWell = 'pending completed, TimedOut, stopped'

/**
 * A program for any host, with all defaults: a watch to its end, an attempt that times out, and one
 * that is stopped; that is over when the server saw its connection close. Gives what it saw.
 */
export const program = `
  import { uploadOutcome, uploadStatus$ } from '${name}'

  export const watch = async baseUrl => {
    const options = { apiKey: 'key_of_the_host', baseUrl, schedule: () => 20 }
    const follow = (upload, more) =>
      new Promise((resolve, reject) => {
        const seen = []
        uploadStatus$('acct_1', upload, { ...options, ...more }).subscribe({
          next: value => seen.push(value.right ? value.right.status : value.left._tag),
          error: reject,
          complete: () => resolve(seen.join(' ')),
        })
      })
    const plain = await follow('plain')
    const late = await follow('silent', { attemptTimeout: 300, retry: { retries: 0 } })
    const stopped = uploadStatus$('acct_1', 'silent', options).subscribe()
    await follow('heard')
    stopped.unsubscribe()
    const end = await uploadOutcome('acct_1', 'gone', options)()
    return [plain, late, end.right ? 'stopped' : JSON.stringify(end.left)].join(', ')
  }
`
