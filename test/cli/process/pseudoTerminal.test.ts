import { beforeAll, describe, expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { pending } from '../../../src/sandbox'
import { openSandbox } from '../../sandbox/openSandbox'
import { linesAfter, type Happening } from '../emulator'
import { buildProgram, programPath } from '../program'

beforeAll(buildProgram)

/**
 * Runs the program on a real pseudo-terminal of 100 by 24. Each step waits for a text and then
 * resizes the terminal, types a key, or sends a signal. Prints what the program wrote, with each
 * resize as a NUL, the size and another NUL.
 */
const driver = `
import fcntl, json, os, pty, signal, struct, sys, termios, time
steps, args = json.loads(sys.argv[1]), sys.argv[2:]
pid, fd = pty.fork()
if pid == 0:
    os.execv(args[0], args)
def size(columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
size(100, 24)
output, start = '', 0
while True:
    try:
        piece = os.read(fd, 65536).decode('utf8', 'replace')
    except OSError:
        break
    if not piece:
        break
    output += piece
    while steps and steps[0]['after'] in output[start:]:
        step, start = steps.pop(0), len(output)
        if 'size' in step:
            output += '\\0%d %d\\0' % tuple(step['size'])
            size(*step['size'])
        if 'type' in step: os.write(fd, step['type'].encode())
        if step.get('awaitStop'): os.waitpid(pid, os.WUNTRACED)
        if 'shell' in step:
            # Longer than the time between two frames.
            time.sleep(0.3)
            output += step['shell']
        if 'signal' in step: os.kill(pid, getattr(signal, step['signal']))
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(f'{output}\\n{os.waitstatus_to_exitcode(status)}'.encode())
`

interface Step {
  readonly after: string
  readonly size?: readonly [columns: number, rows: number]
  readonly type?: string
  /** Waits until the program is suspended. */
  readonly awaitStop?: boolean
  /** What the shell writes meanwhile. */
  readonly shell?: string
  readonly signal?: string
}

const run = async (
  steps: readonly Step[],
  args: readonly string[] = ['acct_sandbox', 'one', 'two'],
): Promise<{ readonly output: string; readonly code: number }> => {
  const sandbox = await openSandbox()
  for (const upload of ['one', 'two']) sandbox.script('acct_sandbox', [pending()], upload)
  const { stdout } = await promisify(execFile)(
    'python3',
    [
      ...['-c', driver, JSON.stringify(steps), process.execPath, programPath],
      ...['watch', '--base-url', sandbox.url, ...args],
    ],
    {
      env: {
        PATH: process.env['PATH'] ?? '',
        TERM: 'xterm',
        NO_COLOR: '1',
        ONLYFANSAPI_API_KEY: sandbox.apiKey,
      },
    },
  )
  const [, output = '', code] = /^([^]*)\n(-?\d+)$/.exec(stdout) ?? []
  return { output, code: Number(code) }
}

/** The output, and the sizes between its parts. */
const happeningsOf = (output: string): readonly Happening[] =>
  output.split('\0').map(part => {
    const [, columns, rows] = /^(\d+) (\d+)$/.exec(part) ?? []
    return columns === undefined ? part : { columns: Number(columns), rows: Number(rows) }
  })

const ctrlC = '\u0003'
const ctrlD = '\u0004'
const ctrlZ = '\u001A'

describe('on a real terminal', () => {
  test('Ctrl-C leaves the board and its totals, and shows the cursor', async () => {
    const { output, code } = await run([{ after: '- 2 pending', type: ctrlC }])
    expect(code).toBe(130)
    expect(output).toMatch(/- 2 pending\s+░{30} 0 of 2 settled, [^]*\u001B\[\?25h$/)
  })

  test('the program prompts for a typed list, and Ctrl-D ends the list', async () => {
    const { output, code } = await run(
      [
        { after: 'Ctrl-D ends the list', type: '-acct_sandbox/one\n' },
        { after: 'nothing was removed', type: ctrlD },
      ],
      ['--allow-empty', '-'],
    )
    expect(code).toBe(0)
    expect(output).toContain('type ACCOUNT UPLOAD or a polling URL, one on a line')
  })

  test('a resized terminal shows the board once, also the lines that have left its screen', async () => {
    const { output } = await run([
      { after: '- 2 pending', size: [40, 24] },
      { after: '- 2 pending', size: [100, 24] },
      { after: '- 2 pending', size: [20, 5] },
      { after: '- one ', size: [100, 24] },
      { after: '- 2 pending', size: [40, 24] },
      { after: '- 2 pending', size: [100, 24] },
      { after: '- 2 pending', type: ctrlC },
    ])
    const lines = await linesAfter({ columns: 100, rows: 24 }, happeningsOf(output))
    expect(lines).toEqual([
      expect.stringMatching(/^2 uploads at 60\/min: /),
      expect.stringMatching(/^- pending +one /),
      expect.stringMatching(/^- pending +two /),
      '- 2 pending',
      expect.stringMatching(/0 of 2 settled/),
    ])
  })

  test('Ctrl-Z shows the cursor, and the board continues below what the shell has written', async () => {
    const { output, code } = await run([
      { after: '- 2 pending', type: ctrlZ },
      { after: '\u001B[?25h', awaitStop: true, shell: 'stopped\r\n$ fg\r\n', signal: 'SIGCONT' },
      { after: '- 2 pending', type: ctrlC },
    ])
    expect(code).toBe(130)
    expect(output.split('\u001B[?25l')).toHaveLength(3)
    const lines = await linesAfter({ columns: 100, rows: 24 }, happeningsOf(output))
    const stoppedAt = lines.findIndex(line => line.endsWith('stopped'))
    expect(lines.slice(stoppedAt + 1)).toEqual([
      '$ fg',
      expect.stringMatching(/^2 uploads at 60\/min: /),
      expect.stringMatching(/^- pending +one /),
      expect.stringMatching(/^- pending +two /),
      '- 2 pending',
      expect.stringMatching(/0 of 2 settled/),
    ])
  })
})
