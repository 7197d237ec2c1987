import { name } from '../../package.json'

/** The output of the program if all works. The numbers count attempts. */
export const allWell = 'pending completed, TimedOut 1, Unreachable 3, stopped'

/**
 * A program for any host, with all defaults: a watch to its end, an attempt that times out, a refused
 * connection that is retried, and an attempt that is aborted. The last one ends when the server notices
 * that its connection closed. Returns what it saw.
 */
export const program = `
  import { uploadOutcome, uploadStatus$ } from '${name}'

  const said = ({ left, right }) => (right ? right.status : left._tag + ' ' + left.attempts)

  export const watch = async baseUrl => {
    const options = { apiKey: 'key_of_the_host', baseUrl, schedule: () => 20 }
    const follow = (upload, more) =>
      new Promise((resolve, reject) => {
        const seen = []
        uploadStatus$('acct_1', upload, { ...options, ...more }).subscribe({
          next: value => seen.push(said(value)),
          error: reject,
          complete: () => resolve(seen.join(' ')),
        })
      })
    const plain = await follow('plain')
    const late = await follow('silent', { attemptTimeout: 300, retry: { retries: 0 } })
    // Nobody listens on this port, and no fetch blocks it.
    const nobody = { baseUrl: 'http://127.0.0.1:2', retry: { retries: 2, base: 1, cap: 10 } }
    const refused = await follow('plain', nobody)
    const stopped = uploadStatus$('acct_1', 'silent', options).subscribe()
    await follow('heard')
    stopped.unsubscribe()
    const end = await uploadOutcome('acct_1', 'gone', options)()
    return [plain, late, refused, end.right ? 'stopped' : JSON.stringify(end.left)].join(', ')
  }
`
