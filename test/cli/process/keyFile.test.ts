import { beforeAll, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildProgram, endOf, startProgram } from '../program'

beforeAll(buildProgram)

test('Ctrl-C ends a program that waits for the writer of its key file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'upload-status-key-'))
  const pipe = join(folder, 'key')
  execFileSync('sh', ['-c', 'mkfifo "$0"', pipe])
  const child = startProgram(['watch', '--key-file', pipe, 'acct_1', 'ofapi_media_1'])
  const waiting = setInterval(() => child.kill('SIGINT'), 500)
  const { code, signal, stdout } = { ...(await endOf(child)), signal: child.signalCode }
  clearInterval(waiting)
  await rm(folder, { recursive: true })
  expect(stdout).toBe('')
  // An interruption before the program listens ends it by the signal itself.
  expect([130, 'SIGINT']).toContain(code ?? signal)
})
