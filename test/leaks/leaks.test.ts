import { execFile } from 'node:child_process'
import { expect, test } from '@jest/globals'

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly title: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

/** The results of the tests of a file: the first line of each failure message, by title. */
const judge = (file: string): Promise<Readonly<Record<string, readonly string[]>>> =>
  new Promise((resolve, reject) => {
    const flags = ['--json', '--forceExit', '--testMatch', `**/${file}`]
    execFile(process.execPath, ['node_modules/jest/bin/jest.js', ...flags], (_, stdout, stderr) => {
      if (stdout === '') {
        reject(new Error(stderr))
        return
      }
      const { testResults } = JSON.parse(stdout) as Report
      const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
      resolve(
        Object.fromEntries(
          tests.map(({ title, failureMessages }) => [
            title,
            failureMessages.map(message => message.split('\n', 1)[0] ?? ''),
          ]),
        ),
      )
    })
  })

test('a test fails if it leaves anything behind', async () => {
  const connection: unknown = expect.stringMatching(
    /^Error: left behind: a connection to port \d+$/,
  )
  // The number of timers of a watch depends on the progress of its first request.
  const watch: unknown = expect.stringMatching(
    /^Error: left behind: \d timers?, a listener on a given signal, a subscription to activity\$, a subscription to push$/,
  )
  expect(await judge('leaky.ts')).toEqual({
    nothing: [],
    'an unhandled rejection': ['Error: nobody handles this'],
    'a connection': [connection],
    'an answer that is not read': [connection],
    'a timer': ['Error: left behind: 1 timer'],
    'a listener on a signal': ['Error: left behind: a listener on a given signal'],
    'subscriptions to sources': [
      'Error: left behind: a subscription to activity$, a subscription to push',
    ],
    'a watch that runs': [watch],
  })
}, 60_000)
