import { afterEach, describe, expect, test } from '@jest/globals'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { installCommand, programCommand, shellQuote } from '../../../src/cli/commands/host'

describe('the commands that the program prints start the same program', () => {
  test.each([
    ['/home/me/app/node_modules/.bin/rx-upload-status', '/home/me/app', 'npx rx-upload-status'],
    ['/root/.npm/_npx/1/node_modules/.bin/rx-upload-status', '/', 'npx rx-upload-status'],
    ['/app/node_modules/rx-upload-status/dist/cli/main.js', '/app', 'npx rx-upload-status'],
    ['C:\\app\\node_modules\\rx-upload-status\\dist\\cli\\main.js', '/', 'npx rx-upload-status'],
    ['/usr/bin/rx-upload-status', '/home/me', 'rx-upload-status'],
    ['/home/me/clone/dist/cli/main.js', '/home/me/clone', 'node dist/cli/main.js'],
    [
      '/home/me/clone/dist/cli/main.js',
      '/home/me/clone/docs',
      'node /home/me/clone/dist/cli/main.js',
    ],
    ['/home/my clone/dist/cli/main.js', '/', "node 'home/my clone/dist/cli/main.js'"],
  ])('%s in %s: %s', (script, folder, command) => {
    expect(programCommand({ argv: ['node', script], cwd: () => folder })).toBe(command)
  })
})

describe('the command that installs missing packages installs them beside the program', () => {
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
  })

  test.each([
    ['/home/me/app/node_modules/.bin/rx-upload-status', 'npm install bullmq'],
    ['/app/node_modules/rx-upload-status/dist/cli/main.js', 'npm install bullmq'],
    ['/home/me/clone/dist/cli/main.js', 'npm install bullmq'],
    [
      '/root/.npm/_npx/1f/node_modules/.bin/rx-upload-status',
      'npm install rx-upload-status bullmq',
    ],
  ])('%s: %s', (script, command) => {
    expect(installCommand({ argv: ['node', script] }, 'bullmq')).toBe(command)
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
    expect(shellQuote(text)).toBe(quoted)
  })
})
