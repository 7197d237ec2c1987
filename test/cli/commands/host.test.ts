import { afterEach, describe, expect, test } from '@jest/globals'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  installCommand,
  programCommand,
  shellQuote,
  shownScript,
} from '../../../src/cli/commands/host'

describe('the commands that the program prints start the same program', () => {
  test.each([
    ['/home/me/app/node_modules/.bin/rx-upload-status', 'npx rx-upload-status'],
    ['/usr/bin/rx-upload-status', 'rx-upload-status'],
    ['/home/me/clone/dist/cli/main.js', 'node dist/cli/main.js'],
  ])('%s: %s', (script, command) => {
    expect(programCommand({ argv: ['node', script], cwd: () => '/home/me/clone' })).toBe(command)
  })
})

describe('a script is shown as an argument of node', () => {
  test.each([
    ['/home/me/clone/dist/cli/main.js', '/home/me/clone', 'dist/cli/main.js'],
    ['/home/me/clone/dist/cli/main.js', '/home/me/docs', '/home/me/clone/dist/cli/main.js'],
    ['/home/my clone/dist/cli/main.js', '/', "'home/my clone/dist/cli/main.js'"],
    ['C:\\clone\\dist\\cli\\main.js', 'C:\\clone', 'dist\\cli\\main.js'],
    ['C:\\my clone\\dist\\main.js', 'C:\\', '"my clone\\dist\\main.js"'],
    ['D:\\clone\\dist\\main.js', 'C:\\clone', 'D:\\clone\\dist\\main.js'],
  ])('%s in %s: %s', (script, folder, shown) => {
    expect(shownScript(script, folder)).toBe(shown)
  })
})

describe('the command that installs missing packages installs them beside the program', () => {
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
  })

  test('in the prefix of a global installation, however the program was found', () => {
    const folder = mkdtempSync(join(realpathSync(tmpdir()), 'upload status-'))
    folders.push(folder)
    const program = join(folder, 'lib/node_modules/rx-upload-status/dist/cli/main.js')
    mkdirSync(dirname(program), { recursive: true })
    writeFileSync(program, '')
    mkdirSync(join(folder, 'elsewhere'))
    const script = join(folder, 'elsewhere/rx-upload-status')
    symlinkSync(program, script)
    expect(installCommand({ argv: ['node', script] }, 'bullmq', 'ioredis')).toBe(
      `npm install --global --prefix '${folder}' bullmq ioredis`,
    )
  })
})

describe('an argument for a shell', () => {
  test.each([
    ['http://127.0.0.1:4010', 'http://127.0.0.1:4010'],
    ['~/key', '~/key'],
    ["it's a key", "'it'\\''s a key'"],
    ['', "''"],
  ])('%j becomes %j', (text, quoted) => {
    expect(shellQuote(text, false)).toBe(quoted)
  })

  test.each([
    ['C:\\Users\\me\\key.txt', 'C:\\Users\\me\\key.txt'],
    ['C:\\Program Files\\nodejs', '"C:\\Program Files\\nodejs"'],
    ['', '""'],
  ])('%j becomes %j on Windows', (text, quoted) => {
    expect(shellQuote(text, true)).toBe(quoted)
  })
})
