import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { completionScript } from '../../../src/cli/commands/completion'
import { shells, type Shell } from '../../../src/cli/commands/completionArguments'
import { findProgram, installTime, thisMachine, type Program } from '../../installedProgram'

const shellProgram = (name: Shell): Program => ({
  name,
  variable: `${name.toUpperCase()}_PATH`,
  usualPlaces: [`/usr/bin/${name}`, `/bin/${name}`, `/opt/homebrew/bin/${name}`],
  missing: `the tests of the completion found no ${name}`,
  advice: `install it (\`apt-get install ${name}\`), or set ${name.toUpperCase()}_PATH to it`,
})

const paths = new Map<Shell, string>()
const folder = mkdtempSync(join(tmpdir(), 'completion-'))

beforeAll(async () => {
  for (const name of shells) {
    const program = shellProgram(name)
    paths.set(name, await findProgram(program, thisMachine(program, name)))
  }
  writeFileSync(join(folder, '_rx-upload-status'), completionScript('zsh'))
  writeFileSync(join(folder, 'file.txt'), '')
}, installTime)

afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** Runs a script in a shell. Returns the lines that it prints. */
const run = (shell: Shell, script: string, ...args: readonly string[]): readonly string[] =>
  execFileSync(paths.get(shell) ?? shell, ['-c', script, ...args], {
    encoding: 'utf8',
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder },
  })
    .split('\n')
    .filter(Boolean)

const program = 'rx-upload-status'

/** The words that a shell offers after others; the last of those is incomplete. */
const offered: { readonly [S in Shell]: (...words: readonly string[]) => readonly string[] } = {
  bash: (...words) =>
    run(
      'bash',
      `${completionScript('bash')}
       COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
       _rx_upload_status
       printf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      program,
      ...words,
    ),
  // Loads the file from a folder of fpath. Outside of a line editor nothing filters the words.
  zsh: (...words) =>
    run(
      'zsh',
      `compadd() { shift; print -l -- \${(M)@:#\${words[CURRENT]}*} }
       _files() { print -l -- * }
       words=("$@"); CURRENT=$#
       fpath=(. $fpath); autoload -Uz _rx-upload-status
       _rx-upload-status`,
      'zsh',
      program,
      ...words,
    ),
  fish: (...words) =>
    run(
      'fish',
      `${completionScript('fish')}
       complete -C "$argv" | string split -f 1 \\t
       true`,
      program,
      ...words,
    ),
}

describe.each(shells)('the completion of %s', shell => {
  test.each([
    ['commands first', ['wa'], ['watch']],
    ['the flags of a command after it', ['watch', '--key'], ['--key-file']],
    ['no flags of another command', ['sandbox', '--rate'], ['--rate-limit']],
    ['shells after completion', ['completion', 'f'], ['fish']],
    ['names after a flag that takes one', ['sandbox', '--framing', 'ch'], ['chunked']],
    ['nothing after a flag that takes another value', ['watch', '--deadline', ''], []],
    ['flags after a flag without a value', ['watch', '--json', '--key'], ['--key-file']],
    ['commands after help', ['help', 'sa'], ['sandbox']],
  ])('offers %s', (_, words, expected) => {
    expect(offered[shell](...words)).toEqual(expected)
  })

  test('offers no file in place of a command', () => {
    expect(offered[shell]('')).toContain('completion')
    expect(offered[shell]('')).not.toContain('file.txt')
  })

  // Bash completes files by itself, if it is offered nothing.
  test('offers files after a flag that a file follows', () => {
    expect(offered[shell]('watch', '--key-file', '')).toEqual(
      shell === 'bash' ? [] : expect.arrayContaining(['file.txt']),
    )
  })
})

test('the completion of zsh needs nothing else in .zshrc', () => {
  const script = `${completionScript('zsh')}; print $_comps[${program}]`
  expect(run('zsh', script)).toEqual(['_rx_upload_status'])
})
