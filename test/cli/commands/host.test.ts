import { describe, expect, test } from '@jest/globals'
import { programCommand, shellQuote } from '../../../src/cli/commands/host'

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
