import type { Topic } from './commandLine'
import { exitCode, type ExitCode } from './exitCode'

const exitStatus = (meanings: readonly (readonly [ExitCode, string])[]): string =>
  ['Exit status', ...meanings.map(([code, text]) => `  ${String(code).padEnd(5)}${text}`)].join(
    '\n',
  )

const program = `Watches OnlyFansAPI.com media uploads until each is completed or failed.

Usage: upload-status COMMAND [FLAG...]

Commands
  watch      watch uploads to their end
  sandbox    run an imitation of the API on this machine
  demo       see it work in a quarter of a minute: no key, no account, no network

Flags
  -h, --help    this text, or that of a command: upload-status watch --help
  --version     the version

Examples
  upload-status demo
  upload-status watch acct_1 ofapi_media_1
`

const watch = `Watches uploads until each is completed or failed.

Usage: upload-status watch [FLAG...] ACCOUNT UPLOAD...
       upload-status watch [FLAG...] POLLING_URL...
       upload-status watch [FLAG...] -

  ACCOUNT UPLOAD    ids like acct_... and ofapi_media_...
  POLLING_URL       what the API answered when the upload was started
  -                 reads standard input: a POLLING_URL, or ACCOUNT UPLOAD, on each line

Flags
  --base-url URL                where the API is (default: https://app.onlyfansapi.com)
  --deadline DURATION           how long to wait for each end (default: 1h)
  --attempt-timeout DURATION    how long one request may take (default: 10s)
  --not-found-grace DURATION    how long a 404 may still turn into a status (default: 0s)
  --rate N/min                  requests per minute, of all uploads together (default: 60/min)
  --key-file FILE               the file that holds the API key
  --json                        one JSON object per line, on a terminal too
  -h, --help                    this text

A DURATION has a unit: 500ms, 30s, 10m, 1.5h.
The API key comes from the variable ONLYFANSAPI_API_KEY or from --key-file, never from an argument.

On a terminal the uploads are shown as a live board. Elsewhere, and with --json, each status is a
line as soon as it is known, and so is each failure to learn one; the last line counts them all:
  {"account":"acct_1","upload":"ofapi_media_1","status":{"status":"processing",...}}
  {"account":"acct_1","upload":"ofapi_media_2","failure":{"_tag":"Rejected",...}}
  {"summary":{"total":2,"completed":1,"failed":0,"unknown":1,...}}
A line of standard input that names no upload is told by its number, and the others go on. Where
--rate is too low for so many uploads, standard error or the board says so. No request is made while
the output is not read.
NO_COLOR and FORCE_COLOR are honoured.

${exitStatus([
  [exitCode.completed, 'all uploads are completed'],
  [exitCode.failed, 'an upload failed'],
  [exitCode.unlearned, 'the end of one could not be learned (even if another failed)'],
  [exitCode.usage, 'the command line makes no sense; nothing was sent'],
  [exitCode.defect, 'an error that nobody expected'],
  [exitCode.interrupted, 'interrupted'],
  [exitCode.closedPipe, 'nobody reads the output any more'],
  [exitCode.terminated, 'terminated'],
])}

Examples
  upload-status watch --deadline 10m acct_1 ofapi_media_1 ofapi_media_2
  upload-status watch https://app.onlyfansapi.com/api/acct_1/media/uploads/ofapi_media_1/status
  upload-status watch --key-file ~/.ofapi-key --rate 600/min - < uploads.txt
  upload-status watch --json - < uploads.txt | jq -r 'select(.status.status == "failed") | .upload'
`

const sandbox = `Runs an imitation of the API on this machine until it is interrupted: how uploads
start, what becomes of them, its key, its rate limit and its errors. Nothing leaves the machine, and
nothing is kept.

Usage: upload-status sandbox [FLAG...]

Flags
  --port N                 the port to listen on (default: a free one)
  --rate-limit N/min       requests admitted per minute (default: no limit)
  --failure-rate SHARE     the share of uploads that fail, 0 to 1 (default: 0)
  --pending DURATION       how long an upload is pending (default: 500ms)
  --processing DURATION    and then processing (default: 2s), both give or take a fifth
  --seed N                 the same seed gives the same ids, durations and ends (default: 1)
  --key-file FILE          the file that holds the key to ask for (default: a key that is no secret)
  -h, --help               this text

A file with "fail" in its name fails, whatever the share.

Examples
  upload-status sandbox
  upload-status sandbox --port 4010 --rate-limit 60/min --failure-rate 0.1
  upload-status sandbox --pending 5s --processing 1m
`

const demo = `Shows the program at work, against a sandbox on this machine: uploads a file and
several URLs, watches them all to their end, and says what happened. One upload fails on purpose,
others meet trouble. Needs no key, no account and no network, and takes about a quarter of a minute.

Usage: upload-status demo

Flags
  -h, --help    this text

${exitStatus([[exitCode.completed, 'all are completed but the one that fails on purpose']])}

Examples
  upload-status demo
  NO_COLOR=1 upload-status demo
`

/** The help text on a topic; it ends with a newline. */
export const helpOn = (topic: Topic): string => {
  switch (topic) {
    case null:
      return program
    case 'watch':
      return watch
    case 'sandbox':
      return sandbox
    case 'demo':
      return demo
  }
}
