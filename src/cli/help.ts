import type { Topic } from './commands/errors'
import { exitCode, type ExitCode } from './commands/exitCode'
import { installCommand, programCommand, programName, type Host } from './commands/host'
import { bullmqPackages } from './commands/redis'

const exitStatus = (meanings: readonly (readonly [ExitCode, string])[]): string =>
  ['Exit status', ...meanings.map(([code, text]) => `  ${String(code).padEnd(5)}${text}`)].join(
    '\n',
  )

const program = (command: string): string => `Watches OnlyFansAPI.com media uploads until they end.

Usage: ${command} COMMAND [FLAG...]

Commands
  watch         watch uploads until each is completed or failed
  work          poll the uploads of a queue in Redis, together with other workers
  sandbox       run an imitation of the API on this machine
  demo          show how it works in 15 seconds: no key, no account, no network
  completion    print a script that completes commands and flags in your shell
  help          show this text; "help watch" shows the help on watch

Flags
  -h, --help       show this text; after a command, the help on that command
  -V, --version    show the version

Examples
  ${command} demo
  ${command} watch acct_1 ofapi_media_1
`

const watch = (command: string): string => `Watches uploads until each is completed or failed.

Usage: ${command} watch [FLAG...] ACCOUNT UPLOAD...
       ${command} watch [FLAG...] POLLING_URL...
       ${command} watch [FLAG...] -

  ACCOUNT UPLOAD    ids like acct_... and ofapi_media_...
  POLLING_URL       the polling_url in the API's answer to the upload
  -                 read standard input: one POLLING_URL, or ACCOUNT UPLOAD, per line;
                    empty lines and comments (# ...) are skipped. A line -ACCOUNT/UPLOAD
                    removes an upload; priority=1 after an upload puts it before others

Flags
  --base-url URL                the address of the API (default: https://app.onlyfansapi.com)
  --deadline DURATION           the longest time to watch one upload (default: 1h)
  --attempt-timeout DURATION    the longest time one request may take (default: 10s)
  --not-found-grace DURATION    how long a 404 is retried (default: 0s)
  --rate N/min                  requests per minute (or N/s) of all uploads (default: 60/min)
  --key-file FILE               a file that holds the API key
  --json                        print JSON Lines, also on a terminal
  --plain                       print lines of text instead of the board or JSON
  --summary                     print only the summary
  --verbose                     also print every attempt and every wait
  --fail-fast                   stop after the first upload that failed or is unknown
  --unfinished FILE             at the end, write the uploads that did not complete or fail to FILE;
                                watch - < FILE continues with them
  --state FILE                  save the watched uploads in FILE; the next run resumes them, and
                                needs no other uploads
  --redis URL                   add the uploads to a queue in Redis, and follow them; workers poll
  --allow-empty                 exit with 0 if standard input is empty
  --                            end of the flags, for ids that begin with "-"
  -h, --help                    show this text

A DURATION has a unit: 500ms, 30s, 10m, 1.5h, 5m30s.
The API key comes from the variable ONLYFANSAPI_API_KEY or from --key-file, never from an argument.

On a terminal it shows a live board; with CI or TERM=dumb, lines of text. When piped, or with
--json, it prints JSON Lines: one line for each new status and each failure; the last line is a
summary, also after an interruption.
  {"account":"acct_1","upload":"ofapi_media_1","status":{"status":"processing",...}}
  {"account":"acct_1","upload":"ofapi_media_2","failure":{"_tag":"Rejected",...}}
  {"summary":{"total":2,"waiting":0,"pending":0,"processing":0,"completed":1,...}}
An invalid line of standard input is reported with its number; the other lines are watched.
Requests wait while the reader of the output is slow.
HTTPS_PROXY, http_proxy, ALL_PROXY and NO_PROXY work as in curl. NO_COLOR and FORCE_COLOR turn
colours off and on, FORCE_COLOR also in lines of text.

${exitStatus([
  [exitCode.completed, 'all uploads are completed'],
  [exitCode.failed, 'an upload failed'],
  [exitCode.unknown, 'an upload is unknown, even if another failed; or a line of input is invalid'],
  [exitCode.usage, 'invalid command line, or no upload to watch; nothing was sent'],
  [exitCode.unavailable, 'Redis cannot be reached, or refuses (--redis)'],
  [exitCode.defect, 'an unexpected error'],
  [exitCode.output, 'the output cannot be written, for example to a full disk'],
  [exitCode.hungUp, 'the terminal was closed'],
  [exitCode.interrupted, 'interrupted'],
  [exitCode.closedPipe, 'the reader of the output has closed the pipe'],
  [exitCode.terminated, 'terminated'],
])}

Examples
  ${command} watch --deadline 10m acct_1 ofapi_media_1 ofapi_media_2
  ${command} watch \\
    https://app.onlyfansapi.com/api/acct_1/media/uploads/ofapi_media_1/status
  ${command} watch --key-file ~/.ofapi-key --rate 600/min - < uploads.txt
  ${command} watch --json - < uploads.txt |
    jq -r 'select(.status.status == "failed") | .upload'
`

const work = (
  command: string,
  install: string,
): string => `Polls the uploads of a queue in Redis until it is interrupted.

Workers on any number of machines share one rate. It prints one line of JSON for each upload that
ends. An interruption waits for the requests in flight; a second one stops immediately.

Usage: ${command} work --redis URL [FLAG...]

Flags
  --redis URL                   the Redis of the queue, like redis://127.0.0.1:6379 (required)
  --rate N/min                  requests per minute (or N/s) of all workers (default: 60/min);
                                use the same rate for every worker
  --base-url URL                the address of the API (default: https://app.onlyfansapi.com)
  --deadline DURATION           the longest time to watch one upload (default: 1h)
  --attempt-timeout DURATION    the longest time one request may take (default: 10s)
  --not-found-grace DURATION    how long a 404 is retried (default: 0s)
  --key-file FILE               a file that holds the API key
  -h, --help                    show this text

It needs two more packages:
  ${install}
Other users of the machine can see the arguments, and so a password in the URL.
The API key comes from the variable ONLYFANSAPI_API_KEY or from --key-file, never from an argument.

Examples
  ${command} work --redis redis://127.0.0.1:6379 --rate 600/min
  ${command} watch --redis redis://127.0.0.1:6379 acct_1 ofapi_media_1
`

const sandbox = (
  command: string,
): string => `Runs an imitation of the API on this machine until it is interrupted.

Nothing leaves the machine, and nothing is stored.

Usage: ${command} sandbox [FLAG...]

Flags
  --port N                 the port to listen on (default: a free one)
  --rate-limit N/min       requests admitted in a window of 60 s (default: no limit)
  --window NAME            how the window is counted: fixed or sliding (default: fixed)
  --lockout DURATION       how long every request gets the page of error 1015, after the third
                           request that does not wait for Retry-After (default: never)
  --credits N              the credits of the team (default: 1000000000)
  --framing NAME           how the end of an answer is sent: length, chunked, close, http10, or
                           mixed, which draws one of these for each answer (default: length)
  --failure-rate SHARE     the share of uploads that fail, 0 to 1 (default: 0)
  --pending DURATION       how long an upload is pending (default: 500ms)
  --processing DURATION    how long it is then processing (default: 2s); both vary by a fifth
  --seed N                 the same seed gives the same ids, durations and results (default: 1)
  --key-file FILE          a file that holds the key to require (default: a key that is no secret)
  --webhook URL            send the event of each upload to URL
  --secret-file FILE       a file that holds the secret to sign events with (default: not signed)
  -h, --help               show this text

An upload of a file with "fail" in its name always fails.

It imitates, for OnlyFans and Fansly
  POST .../media/vault, .../media/upload and .../vault/media/upload, with and without async, the
  upload status, the key, the rate limit and its headers, credits (402), 404, 405, 422,
  webhooks (/api/webhooks): three attempts, and a pause after 20 failures in a row

It does not imitate
  all other endpoints, the upload itself (nothing is downloaded), key scopes (403), plans,
  HTTPS

Examples
  ${command} sandbox
  ${command} sandbox --port 4010 --rate-limit 60/min --failure-rate 0.1
  ${command} sandbox --pending 5s --processing 1m
  ${command} sandbox --webhook http://127.0.0.1:3000/hook --secret-file ./webhook-secret
`

const demo = (
  command: string,
): string => `Shows the program at work against a sandbox on this machine.

It uploads a file and several URLs, watches them all until they end, and explains what happened. One
upload fails on purpose, and some requests fail and are retried. It needs no key, no account and no
network, and takes about 15 seconds.

Usage: ${command} demo

Flags
  -h, --help    show this text

${exitStatus([[exitCode.completed, 'all are completed, except the one that fails on purpose']])}

Examples
  ${command} demo
  NO_COLOR=1 ${command} demo
`

const completion = (
  command: string,
): string => `Prints a script that completes the commands and flags of ${programName} in a shell.

Usage: ${command} completion bash|zsh|fish

Flags
  -h, --help    show this text

Examples
  ${command} completion bash >> ~/.bashrc
  ${command} completion zsh >> ~/.zshrc
  ${command} completion fish > ~/.config/fish/completions/${programName}.fish
`

/**
 * The help text for a topic. It ends with a line break. Its examples run as the program was started.
 */
export const helpText = (topic: Topic, host: Pick<Host, 'argv' | 'cwd'>): string => {
  const command = programCommand(host)
  switch (topic) {
    case null:
      return program(command)
    case 'watch':
      return watch(command)
    case 'work':
      return work(command, installCommand(host, ...bullmqPackages))
    case 'sandbox':
      return sandbox(command)
    case 'demo':
      return demo(command)
    case 'completion':
      return completion(command)
  }
}
