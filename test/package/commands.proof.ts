import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { name, version } from '../../package.json'
import { openProxy } from '../cli/proxyServer'
import { samplesOf } from '../docs/samples'
import { selfSigned } from '../platform/selfSigned'
import { createConsumer, succeed, type Consumer } from './consumer'

/**
 * Runs every command that the program prints and that the README shows for it, as printed: in a clone,
 * and in a project with the tarball. The vendor's API is a local server behind a proxy.
 */
jest.setTimeout(300_000)

const checkout = process.cwd()
const identity = selfSigned('app.onlyfansapi.com')
const ids = ['acct_1 ofapi_media_1', 'acct_1 ofapi_media_2']

let clone: Consumer
let installed: Consumer
let npm: Readonly<Record<string, string>> = {}
let vendor: Server
let vendorPort = 0

beforeAll(async () => {
  ;[clone, installed] = await Promise.all([createConsumer(), createConsumer()])
  const setting = async (key: string): Promise<string> =>
    (await succeed(checkout, 'npm', ['config', 'get', key])).trim()
  npm = {
    npm_config_cache: await setting('cache'),
    npm_config_userconfig: await setting('userconfig'),
    npm_config_prefer_offline: 'true',
  }
  await cp('package.json', join(clone.folder, 'package.json'))
  await cp('dist', join(clone.folder, 'dist'), { recursive: true })
  await symlink(join(checkout, 'node_modules'), join(clone.folder, 'node_modules'))
  const destination = ['--ignore-scripts', '--pack-destination', installed.folder]
  await succeed(checkout, 'npm', ['pack', ...destination])
  await installed.install(join(installed.folder, `${name}-${version}.tgz`), 'rxjs', 'fp-ts')
  for (const { folder, write } of [clone, installed]) {
    await write({
      'uploads.txt': `${ids.join('\n')}\n`,
      'polling-urls.txt':
        'https://app.onlyfansapi.com/api/acct_1/media/uploads/ofapi_media_1/status\n',
      '.ofapi-key': 'sk_test_secret\n',
      'ca.pem': identity.cert,
    })
    await mkdir(join(folder, 'bin'))
    // fish creates it at its first start.
    await mkdir(join(folder, '.config/fish/completions'), { recursive: true })
    await writeFile(join(folder, 'bin/jq'), '#!/bin/sh\ncat\n', { mode: 0o755 })
  }
  vendor = createServer(identity, ({ url = '' }, response) => {
    const [, prefixed_id] = /uploads\/(\w+)\/status$/.exec(url) ?? []
    response.end(JSON.stringify({ status: 'completed', prefixed_id, media: { id: 7 } }))
  })
  vendor.listen(0, '127.0.0.1')
  await once(vendor, 'listening')
  vendorPort = (vendor.address() as AddressInfo).port
})

afterAll(async () => {
  vendor.closeAllConnections()
  vendor.close()
  await Promise.all([clone.remove(), installed.remove()])
})

/** A shell in its own process group, so that Ctrl-C reaches all that it starts. */
const shell = (folder: string, script: string, env: Readonly<Record<string, string>>) =>
  spawn('sh', ['-c', script], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...npm,
      PATH: `${folder}/bin:${process.env['PATH'] ?? ''}`,
      HOME: folder,
      ONLYFANSAPI_API_KEY: 'sk_test_secret',
      NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
      ...env,
    },
  })

const runInShell = async (
  folder: string,
  script: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly output: string }> => {
  const child = shell(folder, script, env)
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>(resolve => child.on('close', resolve)),
  ])
  return { code, output: stdout + stderr }
}

/** The commands in a text, with their continuation lines. */
const commandsIn = (output: string): readonly string[] =>
  Array.from(
    output.matchAll(/^ *((?:[A-Z_]+=\S+ )?(?:npx |node )(?:[^\n]*[\\|]\n)*[^\n]*)$/gm),
    ([, command = '']) => command,
  )

const helpOf = async (folder: string, start: string): Promise<string> => {
  const topics = ['', ' watch', ' sandbox', ' demo', ' completion']
  const texts = await Promise.all(
    topics.map(topic => runInShell(folder, `${start}${topic} --help`)),
  )
  return texts.map(({ output }) => output.split('\nExamples\n')[1] ?? '').join('\n')
}

test('each command and program of the page Get started runs as shown', async () => {
  const page = await readFile('docs/get-started.md', 'utf8')
  const programs = samplesOf('docs/get-started.md', page)
  const files = Array.from(page.matchAll(/Save this as `(\S+)`/g), ([, file = '']) => file)
  expect(files).toHaveLength(programs.length)
  await installed.write(Object.fromEntries(files.map((file, i) => [file, programs[i]?.code ?? ''])))
  const commands = samplesOf('docs/get-started.md', page, 'sh').flatMap(({ code }) =>
    code.trimEnd().split('\n'),
  )
  const printed = new Map(files.map((file, i) => [`node ${file}`, programs[i]?.output]))
  for (const command of commands) {
    const here = command.replace(` ${name} `, ` ./${name}-${version}.tgz `)
    const { code, output } = await runInShell(installed.folder, here)
    expect({ command, code }).toEqual({ command, code: 0 })
    if (printed.has(command))
      expect({ command, output }).toEqual({ command, output: printed.get(command) })
  }
  expect(commands).toEqual(expect.arrayContaining([...printed.keys()]))
})

test('--redis names the packages that it needs', async () => {
  const command = 'npx rx-upload-status watch --redis redis://127.0.0.1:1 acct_1 ofapi_media_1'
  expect(await runInShell(installed.folder, command)).toMatchObject({
    code: 64,
    output: expect.stringContaining('--redis needs two more packages: npm install bullmq ioredis'),
  })
})

// Each command runs in a project with the tarball, and in a clone by either npx or node, because npx
// installs the clone at each start.
const always = (): boolean => true
const isFourth = (nth: number): boolean => nth % 4 === 0
const isOther = (nth: number): boolean => nth % 4 !== 0

describe.each([
  ['npx, in a clone', 'npx rx-upload-status', () => clone.folder, isFourth],
  ['node, in a clone', 'node dist/cli/main.js', () => clone.folder, isOther],
  ['npx, where the tarball is installed', 'npx rx-upload-status', () => installed.folder, always],
])('a printed command works: %s', (_, start, folderOf, isRun) => {
  test('in the examples of the help and of the README', async () => {
    const folder = folderOf()
    const readme = /```sh\nexport ONLYFANSAPI_API_KEY=…\n([^]*?)```/.exec(
      await readFile('README.md', 'utf8'),
    )
    const commands = commandsIn((await helpOf(folder, start)) + '\n' + (readme?.[1] ?? ''))
    expect(commands.length).toBeGreaterThan(10)
    const { port } = await openProxy({ tunnelTo: vendorPort })
    const env = { HTTPS_PROXY: `http://127.0.0.1:${String(port)}` }
    const watches = commands.filter(line => line.includes(' watch '))
    for (const command of watches.filter((_line, nth) => isRun(nth)))
      expect({ command, ...(await runInShell(folder, command, env)) }).toMatchObject({
        command,
        code: 0,
        output: expect.stringContaining('"completed":'),
      })
    const completions = commands.filter(line => line.includes(' completion '))
    expect(completions).toHaveLength(3)
    for (const command of completions)
      expect({ command, ...(await runInShell(folder, command)) }).toEqual({
        command,
        code: 0,
        output: '',
      })
    for (const file of ['.bashrc', '.zshrc', '.config/fish/completions/rx-upload-status.fish'])
      expect(await readFile(join(folder, file), 'utf8')).toContain('deadline')
  })

  test('in the hint after a wrong argument', async () => {
    const { output } = await runInShell(folderOf(), `${start} watch --frob`)
    const [, command = ''] = /^Help: (.*)$/m.exec(output) ?? []
    expect(command).toBe(`${start} watch --help`)
    expect((await runInShell(folderOf(), command)).code).toBe(0)
  })

  test('in the next step of the demo, and in what that prints to paste', async () => {
    const folder = folderOf()
    const { output } = await runInShell(folder, `${start} demo`)
    const [next = ''] = commandsIn(output)
    expect(next).toBe(`${start} sandbox`)
    const sandbox = shell(folder, next, {})
    let printed = ''
    await new Promise<void>(resolve => {
      sandbox.stdout.on('data', piece => {
        printed += String(piece)
        if (printed.includes('Requests:\n')) resolve()
      })
    })
    const [, pasted = ''] = /same folder:\n\n([^]*?)\n\nCtrl-C/.exec(printed) ?? []
    const run = await runInShell(folder, pasted)
    const closed = once(sandbox, 'exit')
    if (sandbox.pid !== undefined) process.kill(-sandbox.pid, 'SIGINT')
    await closed
    expect(run.output).toMatch(/"summary":\{"total":1,.*"completed":1/)
    expect(run.code).toBe(0)
  })
})
