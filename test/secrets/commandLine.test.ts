import { beforeAll, describe, expect, jest, test } from '@jest/globals'
import { once } from 'node:events'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { parseArguments } from '../../src/cli/parseArguments'
import { findApiKey } from '../../src/cli/commands/givenKey'
import { ref } from '../answers'
import { buildProgram, runProgram, startProgram, type Surroundings } from '../cli/program'
import { wire } from '../http/wire'
import { canaries, sightings } from './canary'
import { paths } from './paths'

// Real processes, on a machine that may be busy.
jest.setTimeout(60_000)

beforeAll(buildProgram)

const nobody = 'http://127.0.0.1:9'

describe.each(canaries)('the key %s', key => {
  const env = { ONLYFANSAPI_API_KEY: key }

  const fileWith = async (content: string): Promise<string> => {
    const file = join(await mkdtemp(join(tmpdir(), 'upload-status-key-')), 'key')
    await writeFile(file, content)
    return file
  }

  /** One server with all answers: an account for each path. */
  const replies = Object.values(paths)
    .map(pathOf => pathOf(key))
    // A 429 pauses all watches of the budget. `watch.test.ts` has it.
    .filter(({ reply, end }) => reply !== undefined && end !== 'Throttled')

  const terminal = { columns: 300, rows: 50 }

  const modes: readonly (readonly [string, readonly string[], Surroundings])[] = [
    ['piped', [], {}],
    ['as JSON, on a terminal', ['--json'], { terminal }],
    ['on a terminal', [], { terminal }],
  ]

  test('is in no output for any answer of a server: piped, as JSON, on a terminal', async () => {
    const server = await wire((socket, nth) => {
      const [, account] = /\/acct_(\d+)\//.exec(server.requests[nth - 1] ?? '') ?? []
      replies[Number(account)]?.reply?.(socket, nth)
    })
    const urls = replies.map(
      (_, nth) => `${server.url}api/acct_${String(nth)}/media/uploads/${ref.upload}/status`,
    )
    const time = ['--attempt-timeout', '2s', '--deadline', '5s', '--rate', '6000/min']
    const runs = modes.map(async ([mode, flags, surroundings]) => {
      const args = ['watch', ...flags, ...time, '--base-url', server.url, ...urls]
      const { code, stdout, stderr } = await runProgram(args, { env, ...surroundings })
      expect([mode, code]).toEqual([mode, 2])
      for (const word of ['completed', 'failed', '403'])
        expect([mode, stdout]).toContainEqual(expect.stringContaining(word))
      expect([mode, sightings(stdout), sightings(stderr)]).toEqual([mode, [], []])
    })
    await Promise.all(runs)
  })

  test.each<[string, readonly string[]]>([
    ['as the command', [key]],
    ['as the account', ['watch', key]],
    ['as the upload', ['watch', 'acct_1', `${key}!`]],
    ['as the value of a flag', ['watch', '--deadline', key, 'a', 'b']],
    ['as a rate', ['watch', `--rate=${key}`, 'a', 'b']],
    ['as the value of a flag that takes none', ['watch', `--json=${key}`, 'a', 'b']],
    ['as a flag', ['watch', '--api-key', key, 'a', 'b']],
    ['with a flag', ['watch', `--token=${key}`, 'a', 'b']],
    ['as a flag of the program', [`--api-key=${key}`]],
    ['with an unknown flag', ['watch', `--authorization=${key}`, 'a', 'b']],
    ['after an unknown flag', ['watch', '--authorization', key, 'a', 'b']],
    ['after a short flag', ['watch', `-k${key}`, 'a', 'b']],
    ['in the base URL', ['watch', '--base-url', `https://user:${key}@x.example`, 'a', 'b']],
    ['in a polling URL', ['watch', `https://x.example/${key}/status?key=${key}`]],
    ['as an extra argument of the sandbox', ['sandbox', key]],
    ['as a port', ['sandbox', '--port', key]],
    ['as a seed', ['sandbox', `--seed=${key}`]],
    ['as an extra argument of the demo', ['demo', key]],
  ])('is not in the error if it is given %s', (_, args) => {
    const parsed = parseArguments(args)
    expect(parsed._tag).toBe('Left')
    expect(sightings(parsed)).toEqual([])
  })

  test.each([
    ['the environment', '\n'],
    ['the environment', '\r\nx: y'],
    ['a file', '\nx: y'],
    ['a file', ' x'],
    ['a file', 'é'],
  ])(
    'is not in the error if the key from %s is invalid, as it ends in %j',
    async (place, ending) => {
      const file = place === 'a file' ? await fileWith(key + ending) : undefined
      const found = await findApiKey(file, { ONLYFANSAPI_API_KEY: key + ending })
      expect(found._tag).toBe('Left')
      expect(sightings(found)).toEqual([])
    },
  )

  test.each(['watch', 'sandbox'])(
    'is not in the output of %s if it is given as the path of the key file',
    async command => {
      const uploads = command === 'watch' ? ['a', 'b'] : []
      const { code, stdout, stderr } = await runProgram([command, '--key-file', key, ...uploads])
      expect([sightings(stdout), sightings(stderr)]).toEqual([[], []])
      expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
    },
  )

  test('is not in the output if it is on standard input', async () => {
    const input = `${key}\n../x ${key}\nacct_1 ${key}!\nhttps://x.example/${key}\n`
    const { code, stdout, stderr } = await runProgram(['watch', '--base-url', nobody, '-'], {
      env,
      input,
    })
    expect([sightings(stdout), sightings(stderr)]).toEqual([[], []])
    expect(code).toBe(2)
  })

  test('is in no output of a sandbox that requires it', async () => {
    const file = await fileWith(`${key}\n`)
    const sandbox = startProgram(['sandbox', '--key-file', file])
    const output = text(sandbox.stdout)
    const errors = text(sandbox.stderr)
    const [greeting] = (await once(sandbox.stdout, 'data')) as [unknown]
    const [url = ''] = /http:\S+/.exec(String(greeting)) ?? []
    await fetch(`${url}/${encodeURIComponent(key)}`, {
      headers: { authorization: `Bearer ${key}` },
    })
    sandbox.kill('SIGTERM')
    expect(await output).toMatch(/404/)
    expect([sightings(await output), sightings(await errors)]).toEqual([[], []])
  })
})
