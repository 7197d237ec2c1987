import { beforeEach, describe, expect, test } from '@jest/globals'
import { left, right } from 'fp-ts/Either'
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { Subject, type Subscription } from 'rxjs'
import type { ClientSnapshot } from '../../../src/clientSnapshot'
import { readState, saveState } from '../../../src/cli/commands/stateFile'
import type { Update } from '../../../src/cli/display/updates'

const empty: ClientSnapshot = { v: 1, takenAt: 0, watches: [] }

let folder = ''
let file = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'state-'))
  file = join(folder, 'state.json')
})

const mode = (): number => statSync(file).mode & 0o777

describe('a file of watches', () => {
  test('is created if it is missing, readable only by its owner', () => {
    expect(readState(file)).toEqual(right(empty))
    expect(readState(file)).toEqual(right(empty))
    expect(mode()).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['state.json'])
  })

  test('is replaced behind a symbolic link, and is then readable only by its owner', () => {
    const link = join(folder, 'link.json')
    writeFileSync(file, JSON.stringify(empty), { mode: 0o644 })
    symlinkSync(file, link)
    expect(readState(link)).toEqual(right(empty))
    expect(mode()).toBe(0o600)
    expect(readdirSync(folder).sort()).toEqual(['link.json', 'state.json'])
  })

  test.each([
    ['is not JSON', 'nonsense', 'is not JSON: remove it, or give another file'],
    ['is empty', '', 'is not JSON: remove it, or give another file'],
    [
      'has another version',
      '{"v":2}',
      'has version 2, and this release reads version 1: use the release that wrote it, or start without it',
    ],
    ['is a list', '[]', 'is not written by --state: give another file'],
    ['is something else', '{"a":1}', 'is not written by --state: give another file'],
  ])('that %s is rejected, and not changed', (_, text, message) => {
    writeFileSync(file, text)
    expect(readState(file)).toEqual(left(`--state: ${file} ${message}`))
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  test('with an invalid watch is rejected', () => {
    writeFileSync(file, JSON.stringify({ ...empty, watches: [{}] }))
    const message = 'cannot be read: start without it, or remove this entry'
    expect(readState(file)).toEqual(left(`--state: ${file}.watches[0] ${message}`))
  })

  test.each([
    ['a folder', (): string => folder, 'cannot be read: it is not a regular file'],
    ['a device', (): string => '/dev/null', 'cannot be read: it is not a regular file'],
    [
      'in a missing folder',
      (): string => join(folder, 'no', 'file'),
      'cannot be written: its folder does not exist',
    ],
    [
      'below a file',
      (): string => join(file, 'file'),
      'cannot be read: a part of the path is no folder',
    ],
  ])('that is %s is rejected', (_, path, message) => {
    writeFileSync(file, JSON.stringify(empty))
    expect(readState(path())).toEqual(left(`--state: ${path()} ${message}`))
  })
})

describe('saving', () => {
  const started: Update = { kind: 'started', ref: { account: 'acct_1', upload: 'ofapi_media_1' } }

  const saving = () => {
    const update$ = new Subject<Update>()
    const stderr = new PassThrough()
    const seen: Update[] = []
    let takenAt = 0
    const snapshot = (): ClientSnapshot => ({ ...empty, takenAt: (takenAt += 1) })
    const ended: string[] = []
    const subscription: Subscription = update$.pipe(saveState(file, snapshot, stderr)).subscribe({
      next: update => seen.push(update),
      error: (defect: unknown) => ended.push(String(defect)),
      complete: () => ended.push('completed'),
    })
    return { update$, stderr, seen, ended, subscription }
  }
  const saved = (): number => (JSON.parse(readFileSync(file, 'utf8')) as ClientSnapshot).takenAt

  test('happens at the first update and at the end', () => {
    const { update$, seen, ended } = saving()
    update$.next(started)
    expect(saved()).toBe(1)
    update$.next(started)
    expect(saved()).toBe(1)
    update$.complete()
    expect(saved()).toBe(2)
    expect(seen).toEqual([started, started])
    expect(ended).toEqual(['completed'])
  })

  test('happens before the source is unsubscribed from', () => {
    const { update$, subscription } = saving()
    subscription.unsubscribe()
    expect(saved()).toBe(1)
    expect(update$.observed).toBe(false)
  })

  test('happens when the source errors, and the error is passed on', () => {
    const { update$, ended } = saving()
    update$.error(new Error('a bug'))
    expect(saved()).toBe(1)
    expect(ended).toEqual(['Error: a bug'])
  })

  test('warns once if another run replaces the file, and keeps saving', () => {
    const { update$, seen } = saving()
    const kinds = (): readonly string[] => seen.map(({ kind }) => kind)
    update$.next(started)
    readState(file)
    update$.complete()
    expect(kinds()).toEqual(['started'])

    const first = saving()
    first.update$.next(started)
    const second = saving()
    second.update$.next(started)
    writeFileSync(file, '{}')
    first.update$.complete()
    second.update$.complete()
    const message = `--state: ${file} was replaced by another run: give each run its own file`
    for (const run of [first, second])
      expect(run.seen).toEqual([started, { kind: 'warning', message }])
    expect(saved()).toBe(2)
  })

  test('warns of no other run if the file is removed, or could not be written', () => {
    const { update$, seen, subscription } = saving()
    update$.next(started)
    rmSync(file)
    update$.next(started)
    subscription.unsubscribe()
    expect(seen).toEqual([started, started])
  })

  test('that fails is the last update of the run, and leaves nothing behind', () => {
    const { update$, seen } = saving()
    rmSync(folder, { recursive: true })
    update$.complete()
    expect(seen).toEqual([
      {
        kind: 'unwritten',
        message: `--state: ${file} cannot be written: its folder does not exist`,
      },
    ])
  })

  test('that fails after an interruption is reported', () => {
    const { subscription, stderr } = saving()
    rmSync(folder, { recursive: true })
    subscription.unsubscribe()
    expect(String(stderr.read())).toBe(
      `--state: ${file} cannot be written: its folder does not exist\n`,
    )
  })
})
