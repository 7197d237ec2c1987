import { describe, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { completionScript } from '../../../src/cli/commands/completion'
import { shells } from '../../../src/cli/commands/completionArguments'

/** What bash offers after these words; the last word is incomplete. */
const offered = (...words: readonly string[]): readonly string[] =>
  execFileSync(
    'bash',
    [
      '-c',
      `${completionScript('bash')}
       COMP_WORDS=(rx-upload-status "$@"); COMP_CWORD=$#
       _rx_upload_status
       printf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      ...words,
    ],
    { encoding: 'utf8' },
  )
    .split('\n')
    .filter(Boolean)

describe('the completion of bash', () => {
  test('offers commands first, and the flags of a command after it', () => {
    expect(offered('wa')).toEqual(['watch'])
    expect(offered('')).toContain('completion')
    expect(offered('watch', '--key')).toEqual(['--key-file'])
    expect(offered('sandbox', '--rate')).toEqual(['--rate-limit'])
    expect(offered('completion', '')).toEqual([...shells, '--help'])
    expect(offered('help', 'sa')).toEqual(['sandbox'])
  })
})

describe.each(shells)('the completion of %s', shell => {
  test('contains every command and some flags', () => {
    const script = completionScript(shell)
    for (const word of [
      'watch',
      'work',
      'sandbox',
      'demo',
      'completion',
      'help',
      '--deadline',
      '--port',
    ])
      expect(script).toContain(word)
    expect(script.endsWith('\n')).toBe(true)
  })
})
