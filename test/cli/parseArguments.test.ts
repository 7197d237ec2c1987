import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/Either'
import { parseArguments } from '../../src/cli/parseArguments'

const url = 'https://app.onlyfansapi.com/api/acct_2/media/uploads/ofapi_media_9/status'
const parse = (line: string): unknown => parseArguments(line === '' ? [] : line.split(' '))
const problem = (line: string): string =>
  E.match(
    ({ message }: { readonly message: string }) => message,
    () => 'none',
  )(parseArguments(line.split(' ')))

const watch = {
  kind: 'watch',
  references: [],
  readsInput: false,
  baseUrl: 'https://app.onlyfansapi.com',
  deadline: undefined,
  attemptTimeout: undefined,
  notFoundGrace: undefined,
  perMinute: 60,
  keyFile: undefined,
  json: false,
  plain: false,
  summaryOnly: false,
  verbose: false,
  failFast: false,
  allowEmpty: false,
  unfinished: undefined,
}
const ref = (account: string, upload: string): object => ({ account, upload })

const ofWorkers = 'and --redis exclude each other: the workers poll (command work)'
const durations =
  'to 596h, like 10m or 5m30s (units: ms, s, m, h), not a value of another form or size'
const redisUrl = 'a URL like redis://127.0.0.1:6379, or rediss://… with TLS'

describe('watch', () => {
  test.each<[string, object]>([
    ['a u1 u2', { references: [ref('a', 'u1'), ref('a', 'u2')] }],
    [url, { references: [ref('acct_2', 'ofapi_media_9')] }],
    [`a u1 ${url}`, { references: [ref('a', 'u1'), ref('acct_2', 'ofapi_media_9')] }],
    ['-', { readsInput: true }],
    [`- ${url}`, { readsInput: true, references: [ref('acct_2', 'ofapi_media_9')] }],
    ['--json -', { readsInput: true, json: true }],
    ['- --plain --verbose', { readsInput: true, plain: true, verbose: true }],
    ['- --summary --fail-fast', { readsInput: true, summaryOnly: true, failFast: true }],
    ['- --allow-empty', { readsInput: true, allowEmpty: true }],
    ['- --unfinished f', { readsInput: true, unfinished: 'f' }],
    ['- --state f', { readsInput: true, state: 'f' }],
    ['--state f', { state: 'f' }],
    ['- --redis redis://h:1', { readsInput: true, redis: 'redis://h:1' }],
    ['- --deadline 10m', { readsInput: true, deadline: 600_000 }],
    ['- --deadline=500ms', { readsInput: true, deadline: 500 }],
    ['- --attempt-timeout 2s', { readsInput: true, attemptTimeout: 2_000 }],
    ['- --not-found-grace 30s', { readsInput: true, notFoundGrace: 30_000 }],
    ['- --deadline 5m30s', { readsInput: true, deadline: 330_000 }],
    ['- --rate 90/min', { readsInput: true, perMinute: 90 }],
    ['- --rate 600', { readsInput: true, perMinute: 600 }],
    ['-- a -u1', { references: [ref('a', '-u1')] }],
    ['-- -a --help', { references: [ref('-a', '--help')] }],
    ['- --key-file k', { readsInput: true, keyFile: 'k' }],
    ['- --base-url http://localhost:1', { readsInput: true, baseUrl: 'http://localhost:1' }],
    ['- --base-url localhost:4010', { readsInput: true, baseUrl: 'http://localhost:4010' }],
    ['- --base-url 127.0.0.1:4010/x', { readsInput: true, baseUrl: 'http://127.0.0.1:4010/x' }],
    ['- --base-url [::1]:4010', { readsInput: true, baseUrl: 'http://[::1]:4010' }],
  ])('parses "%s"', (args, expected) => {
    expect(parse(`watch ${args}`)).toEqual(E.right({ ...watch, ...expected }))
  })

  test.each([
    ['--json', 'no upload was given: give ACCOUNT UPLOAD, a polling URL, or - for standard input'],
    ['a', 'argument 1 is an account, but no upload follows it'],
    [
      url.replace('https://', ''),
      'argument 1: upload must be ACCOUNT UPLOAD, or only a polling URL, which begins with https://',
    ],
    ['- a', 'argument 2 is an account, but no upload follows it'],
    ['a b/c', 'argument 2: upload must be 1 to 128 letters, digits, "_" or "-"'],
    ['a/b c', 'argument 2: account must be 1 to 128 letters, digits, "_" or "-"'],
    [
      `a u ${url.replace('app', 'ape')}`,
      'argument 3: polling URL is not under the base URL https://app.onlyfansapi.com',
    ],
    [
      '- --deadline 10',
      '--deadline must be a duration from 1ms to 596h, like 10m or 5m30s (units: ms, s, m, h), not a number without a unit',
    ],
    [
      '- --rate 0',
      '--rate must be requests per minute, from 1 to 999,999,999, like 60, 60/min or 1/s, not another number',
    ],
    [
      '- --base-url ftp://x',
      '--base-url must be https, or http to loopback, and no more, like http://localhost:4010, not another URL',
    ],
    [
      '- --base-url api.example',
      '--base-url must be https, or http to loopback, and no more, like http://localhost:4010, not text without https://',
    ],
    ['ofapi_media_1', 'argument 1 is an upload: its account comes before it'],
    ['ofapi_media_1 ofapi_media_2', 'argument 1 is an upload: its account comes before it'],
    ['ofapi_media_1 acct_1', 'argument 2: account and upload are swapped'],
    [
      `acct_1 ${new URL(url).pathname}`,
      'argument 2: upload must be ACCOUNT UPLOAD, or only a polling URL, which begins with https://',
    ],
    ['- --state=', '--state must be the path of a file, not empty'],
    ['- --unfinished=', '--unfinished must be the path of a file, not empty'],
    ['- --key-file=', '--key-file must be the path of a file, not empty'],
    ...['--key-file', '--state', '--unfinished'].map((flag): [string, string] => [
      `- ${flag} -`,
      `${flag} takes no -: standard input is /dev/stdin, standard output is /dev/stdout, and a file of that name is ./-`,
    ]),
    ['- --frob', 'unknown flag --frob; an id that begins with "-" comes after --'],
    ['a -u1', 'unknown flag -u; an id that begins with "-" comes after --'],
    ['- --dedline 1m', 'unknown flag --dedline; did you mean --deadline?'],
    ['- --key_file x', 'unknown flag --key_file; did you mean --key-file?'],
    ['- --BASE-URL x', 'unknown flag --BASE-URL; did you mean --base-url?'],
    ['- --timeout 1s', 'unknown flag --timeout; did you mean --attempt-timeout?'],
    ['- --hlep', 'unknown flag --hlep; did you mean --help?'],
    ['- --fr\u001B[2Job\u202E', 'unknown flag --frob; an id that begins with "-" comes after --'],
    ['- --json=yes', "Option '--json' does not take an argument"],
    ['- --redis redis://h --rate 60', `--rate ${ofWorkers}`],
    ['- --redis redis://h --state f', `--state ${ofWorkers}`],
    ['- --redis redis://h --key-file f', `--key-file ${ofWorkers}`],
    ['- --redis http://:secret@h', `--redis must be ${redisUrl}, not text`],
    [
      '--redis redis://h',
      'no upload was given: give ACCOUNT UPLOAD, a polling URL, or - for standard input',
    ],
    ['- --plain --json', '--plain and --json exclude each other: give one of them'],
    ['- --deadline', '--deadline needs a value'],
    [
      '--deadline --json -',
      '--deadline needs a value; write one that begins with "-" as --deadline=VALUE',
    ],
    ['- --deadline 0s', `--deadline must be a duration from 1ms ${durations}`],
    ['- --attempt-timeout 0.5ms', `--attempt-timeout must be a duration from 1ms ${durations}`],
    ['- --not-found-grace 597h', `--not-found-grace must be a duration from 0ms ${durations}`],
    [
      'acct_1,u1',
      'argument 1: upload must be ACCOUNT UPLOAD, or only a polling URL, which begins with https://',
    ],
  ])('rejects "%s"', (args, message) => {
    expect(problem(`watch ${args}`)).toBe(message)
  })

  test('an argument may be a whole reference, as on a line of standard input', () => {
    expect(parseArguments(['watch', 'a u1', `"${url}"`, 'b', 'u2'])).toMatchObject(
      E.right({ references: [ref('a', 'u1'), ref('acct_2', 'ofapi_media_9'), ref('b', 'u2')] }),
    )
  })

  test.each(['', ' '])('an empty argument is named as such: %j', argument => {
    expect(parseArguments(['watch', 'acct_1', argument])).toEqual(
      E.left({ topic: 'watch', message: 'argument 2 is empty' }),
    )
  })
})

describe('work', () => {
  const work = {
    kind: 'work',
    redis: 'rediss://u:p@h:1/2',
    baseUrl: 'https://app.onlyfansapi.com',
    perMinute: 60,
  }

  test.each<[string, object]>([
    ['', {}],
    [' --rate 600/min --key-file k', { perMinute: 600, keyFile: 'k' }],
    [' --deadline 10m --attempt-timeout 2s', { deadline: 600_000, attemptTimeout: 2_000 }],
    [' --not-found-grace 30s', { notFoundGrace: 30_000 }],
    [' --base-url localhost:4010', { baseUrl: 'http://localhost:4010' }],
  ])('parses "%s"', (args, expected) => {
    expect(parse(`work --redis rediss://u:p@h:1/2${args}`)).toEqual(
      E.right({ ...work, ...expected }),
    )
  })

  test.each([
    ['--rate 600', '--redis is missing: give the URL of the Redis that holds the queue'],
    ['--redis 6379', `--redis must be ${redisUrl}, not a number`],
    ['--redis redis://:secret@', `--redis must be ${redisUrl}, not text`],
    ['--redis redis://h --rate 0', /^--rate must be requests per minute/],
    ['--redis redis://h a u', 'takes flags, but no other argument'],
    ['--redis redis://h --rat 6', 'unknown flag --rat; did you mean --rate?'],
  ])('rejects "%s"', (args, message) => {
    expect(problem(`work ${args}`)).toMatch(message)
  })
})

describe('sandbox', () => {
  const sandbox = {
    kind: 'sandbox',
    port: 0,
    seed: 1,
    failureRate: 0,
    perMinute: null,
    window: 'fixed',
    lockout: null,
    credits: 1_000_000_000,
    framing: 'length',
    pending: 500,
    processing: 2_000,
    keyFile: undefined,
    webhook: undefined,
    secretFile: undefined,
  }

  test.each<[string, object]>([
    ['sandbox', {}],
    ['sandbox --port 4010 --seed -3', { port: 4_010, seed: -3 }],
    [
      'sandbox --rate-limit 60 --window sliding --lockout 2m',
      { perMinute: 60, window: 'sliding', lockout: 120_000 },
    ],
    ['sandbox --rate-limit 60/min --failure-rate 0.1', { perMinute: 60, failureRate: 0.1 }],
    ['sandbox --pending 1s --processing 1m', { pending: 1_000, processing: 60_000 }],
    ['sandbox --credits 10 --framing mixed', { credits: 10, framing: 'mixed' }],
    ['sandbox --key-file k', { keyFile: 'k' }],
    ['sandbox --webhook http://h/ --secret-file s', { webhook: 'http://h/', secretFile: 's' }],
  ])('parses "%s"', (line, expected) => {
    expect(parse(line.replace('--seed -', '--seed=-'))).toEqual(
      E.right({ ...sandbox, ...expected }),
    )
  })

  test.each([
    ['--framing gzip', '--framing must be one of length, chunked, close, http10, mixed, not text'],
    ['--port http', '--port must be a whole number from 0 to 65535, not text'],
    ['--port 65536', '--port must be a whole number from 0 to 65535, not another number'],
    ['--port=-1', '--port must be a whole number from 0 to 65535, not another number'],
    [
      '--failure-rate 10',
      '--failure-rate must be a number from 0 to 1, like 0.25, not another number',
    ],
    ['--rate-limit 60 --window open', '--window must be fixed or sliding, not text'],
    ['--window fixed', '--window needs --rate-limit N/min'],
    ['--lockout 2m', '--lockout needs --rate-limit N/min'],
    [
      '--rate-limit 1.5',
      '--rate-limit must be requests per minute, from 1 to 100,000, like 60, 60/min or 1/s, not another number',
    ],
    [
      '--pending 1',
      '--pending must be a duration from 0ms to 596h, like 10m or 5m30s (units: ms, s, m, h), not a number without a unit',
    ],
    ['--processing 597h', `--processing must be a duration from 0ms ${durations}`],
    [
      '--rate-limit 2000/s',
      '--rate-limit must be requests per minute, from 1 to 100,000, like 60, 60/min or 1/s, not a value of another form or size',
    ],
    [
      '--credits=-1',
      '--credits must be a whole number from 0 up, of at most 15 digits, not another number',
    ],
    ['--credits -1', '--credits needs a value; write one that begins with "-" as --credits=VALUE'],
    [
      '--webhook 127.0.0.1:3000/secret',
      '--webhook must be an http or https URL without a user, such as http://127.0.0.1:3000/hook, not a value of another form or size',
    ],
    ['--secret-file s', '--secret-file needs --webhook URL'],
    ['-x', 'unknown flag -x'],
    ['extra', 'takes flags, but no other argument'],
  ])('rejects "%s"', (args, message) => {
    expect(problem(`sandbox ${args}`)).toBe(message)
  })
})

describe('the program', () => {
  test.each<[string, unknown]>([
    ['demo', { kind: 'demo' }],
    ['--version', { kind: 'version' }],
    ['help', { kind: 'help', topic: null }],
    ['--help', { kind: 'help', topic: null }],
    ['-h', { kind: 'help', topic: null }],
    ['watch --help', { kind: 'help', topic: 'watch' }],
    ['sandbox --port x -h', { kind: 'help', topic: 'sandbox' }],
    ['demo --help', { kind: 'help', topic: 'demo' }],
    ['-V', { kind: 'version' }],
    ['help watch', { kind: 'help', topic: 'watch' }],
    ['--help watch', { kind: 'help', topic: 'watch' }],
    ['-h watch', { kind: 'help', topic: 'watch' }],
    ['help completion', { kind: 'help', topic: 'completion' }],
    ['completion zsh', { kind: 'completion', shell: 'zsh' }],
  ])('parses "%s"', (line, command) => {
    expect(parse(line)).toEqual(E.right(command))
  })

  test.each([
    ['', ''],
    ['frob a b', ''],
    ['--json watch a b', '; flags come after it'],
    ['wacth a b', '; did you mean watch?'],
    ['WATCH a b', '; did you mean watch?'],
    ['--verison', '; did you mean --version?'],
    ['sandbx', '; did you mean sandbox?'],
  ])('finds no command in "%s"', (line, suggestion) => {
    const message = `the first argument must be a command: watch, work, sandbox, demo or completion${suggestion}`
    expect(parse(line)).toEqual(E.left({ topic: null, message }))
  })

  test('suggests the nearest command for help on an unknown one', () => {
    const message =
      'help is about a command: watch, work, sandbox, demo, completion; did you mean watch?'
    expect(parse('help wach')).toEqual(E.left({ topic: null, message }))
  })

  test.each([
    ['completion', ''],
    ['completion powershell', ''],
    ['completion tcsh', ''],
    ['completion ksh', ''],
    ['completion bahs', '; did you mean bash?'],
    ['completion zsh fish', '; did you mean zsh?'],
  ])('names the shells for "%s"', (line, meant) => {
    const message = `takes one argument, the shell: bash, zsh, fish${meant}`
    expect(parse(line)).toEqual(E.left({ topic: 'completion', message }))
  })

  test('takes no arguments in a demo', () => {
    expect(parse('demo now')).toEqual(
      E.left({ topic: 'demo', message: 'takes flags, but no other argument' }),
    )
  })
})

describe('a key among the arguments', () => {
  const flags = [
    '--api-key',
    '--apikey',
    '--key',
    '-key',
    '--token',
    '--API_KEY',
    '--ofapi-api-key',
  ]
  const lines = flags.flatMap(flag => [
    `watch ${flag}=sk_secret a b`,
    `watch ${flag} sk_secret a b`,
    `sandbox ${flag} sk_secret`,
    `demo ${flag}=sk_secret`,
    `${flag}=sk_secret watch a b`,
  ])

  test.each(lines)('is rejected with the reason in "%s"', line => {
    expect(problem(line)).toMatch(/^-{1,2}[\w-]+ is refused: .*processes would show the key/)
  })

  test.each([
    ...lines,
    'sk_secret',
    'watch sk_secret',
    'watch sk|secret b',
    'watch a sk|secret',
    'watch --rate sk_secret -',
    'watch --deadline sk_secret -',
    'watch --base-url sk_secret -',
    'watch --json=sk_secret -',
    'watch -ksk_secret -',
    'sandbox sk_secret',
    'sandbox --port sk_secret',
    'demo sk_secret',
  ])('is not repeated in the error of "%s"', line => {
    expect(problem(line)).not.toBe('none')
    expect(problem(line)).not.toMatch(/secret/)
  })
})
