import type { Picture, Row } from './picture'

const cold = (label: string, marbles: string, subscription: string) =>
  ({ kind: 'cold', label, marbles, subscription }) as const

const hot = (label: string, marbles: string, subscription?: string) =>
  ({
    kind: 'hot',
    label,
    marbles,
    ...(subscription === undefined ? {} : { subscription }),
  }) as const

const emits = (marbles: string, label = 'emits'): Row => ({ label, marbles })

/** Every marble picture of the documentation. The tests assert them, and `npm run marbles` draws them. */
export const pictures = {
  uploadStatus: {
    name: 'upload-status',
    title: 'A watch polls immediately, then 2 s after each answer, and emits each change',
    inputs: [
      cold('poll 1', '500ms (p|)', '^ 499ms !'),
      cold('poll 2', '500ms (p|)', '2500ms ^ 499ms !'),
      cold('poll 3: slow', '2500ms (w|)', '5s ^ 2499ms !'),
      cold('poll 4', '500ms (c|)', '9500ms ^ 499ms !'),
    ],
    code: 'uploadStatus$(account, upload, { schedule: spaced(2_000) })',
    outputs: [emits('500ms p 6999ms w 2499ms (c|)')],
  },
  failedOrFailure: {
    name: 'failed-or-failure',
    title: 'Upload a failed; the end of b is unknown, because the server rejects the request',
    inputs: [
      cold('a, poll 1', '500ms (p|)', '^ 499ms !'),
      cold('a, poll 2', '500ms (f|)', '2500ms ^ 499ms !'),
      cold('b, poll 1', '500ms (p|)', '^ 499ms !'),
      cold('b, poll 2', '500ms (x|)', '2500ms ^ 499ms !'),
    ],
    code: 'uploadStatus$(a)   uploadStatus$(b)',
    outputs: [emits('500ms p 2499ms (f|)', 'a emits'), emits('500ms p 2499ms (x|)', 'b emits')],
  },
  attempts: {
    name: 'attempts',
    title:
      'A poll is an attempt and its retries; the schedule waits between polls, the backoff before a retry',
    inputs: [
      cold('attempt 1', '500ms (u|)', '^ 499ms !'),
      cold('attempt 2', '500ms (u|)', '1500ms ^ 499ms !'),
      cold('attempt 3', '500ms (w|)', '4s ^ 499ms !'),
      cold('attempt 4', '500ms (c|)', '6500ms ^ 499ms !'),
    ],
    code: 'uploadStatus$(account, upload, { schedule: spaced(2_000) })',
    outputs: [emits('4500ms w 2499ms (c|)')],
    spans: [
      ['poll 1', 0, 4_500],
      ['schedule', 4_500, 6_500],
      ['poll 2', 6_500, 7_000],
    ],
  },
  cancelling: {
    name: 'cancelling',
    title: 'Polls at fixed times cancel every slow answer: nothing is ever emitted',
    inputs: [
      cold('poll 1', '2500ms (w|)', '^ 1999ms !'),
      cold('poll 2', '2500ms (w|)', '2s ^ 1999ms !'),
      cold('poll 3', '2500ms (c|)', '4s ^ 1999ms !'),
    ],
    code: 'timer(0, 2_000).pipe(switchMap(() => poll$))',
    outputs: [{ label: 'emits', marbles: '-', subscription: '^ 5999ms !' }],
  },
  deadline: {
    name: 'deadline',
    title: 'At the deadline a watch ends, and aborts its request',
    inputs: [
      cold('poll 1', '500ms (p|)', '^ 499ms !'),
      cold('poll 2', '500ms (w|)', '2500ms ^ 499ms !'),
      cold('poll 3: slow', '2500ms (c|)', '5s ^ 999ms !'),
    ],
    code: 'uploadStatus$(account, upload, { deadline: 6_000 })',
    outputs: [emits('500ms p 2499ms w 2999ms (e|)')],
  },
  fetchStatus: {
    name: 'fetch-status',
    title: 'One attempt: one value, then complete',
    inputs: [cold('the response', '1s (p|)', '^ 999ms !')],
    code: 'fetchStatus$(account, upload)',
    outputs: [emits('1s (p|)')],
  },
  retryTransient: {
    name: 'retry-transient',
    title: 'A transient failure is retried after a backoff; only the answer is emitted',
    inputs: [
      cold('attempt 1', '500ms (u|)', '^ 499ms !'),
      cold('attempt 2', '500ms (u|)', '1500ms ^ 499ms !'),
      cold('attempt 3', '500ms (w|)', '4s ^ 499ms !'),
    ],
    code: 'retryTransient({ base: 2_000 })',
    outputs: [emits('4500ms (w|)')],
  },
  repeatOnSchedule: {
    name: 'repeat-on-schedule',
    title: 'Subscribes to the source again, 2 s after each answer, until an end',
    inputs: [
      cold('poll 1', '1s (p|)', '^ 999ms !'),
      cold('poll 2', '1s (w|)', '3s ^ 999ms !'),
      cold('poll 3', '1s (c|)', '6s ^ 999ms !'),
    ],
    code: 'repeatOnSchedule(spaced(2_000))',
    outputs: [emits('1s p 2999ms w 2999ms (c|)')],
  },
  untilTerminal: {
    name: 'until-terminal',
    title: 'The first terminal status is emitted, and ends the stream',
    inputs: [hot('source', '1s p 1s w 1s c 1s w 1s |', '^ 3001ms !')],
    code: 'untilTerminal()',
    outputs: [emits('1s p 1s w 1s (c|)')],
  },
  outcome: {
    name: 'outcome',
    title: 'Only the end',
    inputs: [cold('watch', '1s p 1s w 1s (f|)', '^ 3001ms !')],
    code: 'outcome()',
    outputs: [emits('3002ms (f|)')],
  },
  orThrow: {
    name: 'or-throw',
    title: 'A failure goes to the error channel; the statuses lose their Right',
    inputs: [cold('watch', '1s p 1s w 1s (x|)', '^ 3001ms !')],
    code: 'orThrow()',
    outputs: [emits('1s p 1s w 1s #')],
  },
  separate: {
    name: 'separate',
    title: 'Only the statuses, and only the failures',
    inputs: [hot('watch', '1s p 1s w 1s (x|)')],
    code: 'statuses()   failures()',
    outputs: [emits('1s p 1s w 1s |', 'statuses()'), emits('3002ms (x|)', 'failures()')],
  },
  sharing: {
    name: 'sharing',
    title: 'All subscribers share one poll; a late one receives the latest value immediately',
    inputs: [
      cold('poll 1', '500ms (p|)', '^ 499ms !'),
      cold('poll 2', '500ms (w|)', '2500ms ^ 499ms !'),
      cold('poll 3', '500ms (c|)', '5s ^ 499ms !'),
    ],
    code: 'client.uploadStatus$(account, upload)',
    outputs: [
      { label: 'first', marbles: '500ms p 2499ms w 2499ms (c|)', subscription: '^' },
      { label: 'late', marbles: '4s w 1499ms (c|)', subscription: '4s ^' },
    ],
  },
  merging: {
    name: 'merging',
    title: 'Many uploads, one stream: each has its own end, and the last one completes it',
    inputs: [
      cold('a, poll 1', '500ms (p|)', '^ 499ms !'),
      cold('b, poll 1', '1s (P|)', '^ 999ms !'),
      cold('a, poll 2', '500ms (c|)', '2500ms ^ 499ms !'),
      cold('b, poll 2', '1s (C|)', '3s ^ 999ms !'),
    ],
    code: 'uploadStatuses$([a, b])',
    outputs: [emits('500ms p 499ms P 1999ms c 999ms (C|)')],
  },
  pause: {
    name: 'pause',
    title: 'While activity$ is false nothing is polled; due polls follow soon after true',
    inputs: [
      hot('activity$', '1500ms n 4499ms y'),
      cold('poll 1', '500ms (p|)', '^ 499ms !'),
      cold('poll 2', '500ms (c|)', '7s ^ 499ms !'),
    ],
    code: 'uploadStatus$(account, upload, { activity$ })',
    outputs: [emits('500ms p 6999ms (c|)')],
  },
  push: {
    name: 'push',
    title: 'A pushed status is emitted without a poll, and may be the end',
    inputs: [
      cold('poll 1', '500ms (p|)', '^ 499ms !'),
      hot('push', '2s w 2s c'),
      cold('poll 2', '500ms (w|)', '2500ms ^ 499ms !'),
    ],
    code: 'uploadStatus$(account, upload, { push })',
    outputs: [emits('500ms p 1499ms w 2s (c|)')],
  },
  throttled: {
    name: 'throttled',
    title:
      'After a 429 the next request waits at least as long as the server asks, and spends no retry',
    inputs: [
      cold('poll 1', '500ms (t|)', '^ 499ms !'),
      cold('poll 2', '500ms (c|)', '3680ms ^ 499ms !'),
    ],
    code: 'uploadStatus$(account, upload, { retry: { retries: 0 } })',
    outputs: [emits('4180ms (c|)')],
  },
} as const satisfies Readonly<Record<string, Picture>>
