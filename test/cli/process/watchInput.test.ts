import { beforeAll, describe, expect, test } from '@jest/globals'
import { completed, pending } from '../../../src/sandbox'
import { openSandbox } from '../../sandbox/openSandbox'
import { until } from '../../until'
import { buildProgram, endOf, jsonLines, startProgram, type Surroundings } from '../program'

beforeAll(buildProgram)

const account = 'acct_sandbox'

/** A run that reads lines as they come. */
const watchInput = async (surroundings: Surroundings = {}, flags: readonly string[] = []) => {
  const sandbox = await openSandbox()
  sandbox.script(account, [pending()], 'one')
  sandbox.script(account, [completed()], 'two')
  sandbox.script(account, [pending()], '-one')
  const env = { ONLYFANSAPI_API_KEY: sandbox.apiKey, ...surroundings.env }
  const args = ['watch', '--base-url', sandbox.url, '--rate', '6000/min', ...flags, '-']
  const child = startProgram(args, { ...surroundings, env })
  let output = ''
  child.stdout.on('data', piece => (output += String(piece)))
  return {
    ended: endOf(child),
    output: () => output,
    says: (text: string) => until(() => output.includes(text)),
    write: (...lines: readonly string[]) => child.stdin.write(`${lines.join('\n')}\n`),
    end: () => child.stdin.end(),
  }
}

describe('a line that begins with "-"', () => {
  test('removes an upload from the run; only the other uploads decide how it ends', async () => {
    const { write, says, end, ended } = await watchInput()
    write(`${account} one`, `${account} -one priority=1`)
    await says('"upload":"one"')
    await says('"upload":"-one"')
    write(`-${account}/one`, `-${account}/-one`, `-${account}/three`, `${account} two`)
    end()
    const { code, stdout, stderr } = await ended
    expect(code).toBe(0)
    expect(jsonLines(stdout)).toMatchObject([
      { status: { status: 'pending' } },
      { status: { status: 'pending' } },
      { account, upload: 'one', removed: true },
      { account, upload: '-one', removed: true },
      { status: { status: 'completed' } },
      { summary: { total: 1, pending: 0, completed: 1, settled: 1, fraction: 1, removed: 2 } },
    ])
    expect(stderr).toBe(`rx-upload-status: ${account}/three is not watched: nothing was removed\n`)
  })

  test('removes the upload from the board, and the board says so', async () => {
    const terminal = { columns: 80, rows: 24 }
    const { write, says, end, ended } = await watchInput({ terminal })
    write(`${account} one`, `${account} two`)
    await says('1 of 2 settled')
    write(`-${account}/one`)
    await says(`removed ${account}/one`)
    end()
    const { code, stdout } = await ended
    expect(code).toBe(0)
    expect(stdout.slice(stdout.lastIndexOf('1 upload at'))).toMatch(
      /1 of 1 polled\n.*two.*\n.*1 completed\n.*1 of 1 settled, 1 removed/,
    )
  })

  test('prints the removal as text, and a run without uploads left ends with 0', async () => {
    const { write, says, end, ended } = await watchInput({}, ['--plain'])
    write(`${account} one`)
    await says('pending')
    write(`-${account}/one`)
    end()
    const { code, stdout } = await ended
    expect(code).toBe(0)
    expect(stdout).toMatch(/removed acct_sandbox\/one\n0 of 0 settled: 1 removed, /)
  })
})
