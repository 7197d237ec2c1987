import { readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { build, type BuildOptions } from 'esbuild'
import { name, version } from '../../package.json'
import { createConsumer, run, succeed, type Consumer } from '../package/consumer'
import { allWell, program } from './program'
import { printed, reactNativeFiles } from './reactNative'
import { openStatusServer, type StatusServer } from './statusServer'
import { openWorkerd } from './workerd'

/**
 * The proof that all defaults work on every host: the tarball of `npm pack`, installed in an empty folder,
 * makes real requests. The hosts come from npm too.
 */
jest.setTimeout(600_000)

const checkout = process.cwd()

let consumer: Consumer
let hosts: string
let server: StatusServer

const lines = (text: string): readonly string[] => text.trim().split('\n')

beforeAll(async () => {
  consumer = await createConsumer()
  const { folder } = consumer
  await succeed(checkout, 'npm', ['pack', '--pack-destination', folder])
  await consumer.install(join(folder, `${name}-${version}.tgz`))
  hosts = lines(await succeed(checkout, process.execPath, ['.ci/hosts.js'])).join('')
  server = await openStatusServer()
  const common = program.replace(/^ +import (.*) from (.*)$/m, 'const $1 = require($2)')
  await consumer.write({
    'watch.mjs': program,
    'watch.cjs':
      common.replace('export const watch', 'const watch') + '; module.exports = { watch }',
    'main.mjs': `
      import { watch } from './watch.mjs'
      console.log(await watch(process.argv[2]))
    `,
    'main.cjs': `
      const { watch } = require('./watch.cjs')
      watch(process.argv[2]).then(console.log)
    `,
  })
})

afterAll(async () => {
  await server.close()
  await consumer.remove()
})

const bin = (host: string): string => join(hosts, 'node_modules/.bin', host)

/** A bundle of a file of the consumer with its imports. */
const bundle = async (file: string, options: BuildOptions): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [join(consumer.folder, file)],
    absWorkingDir: consumer.folder,
    bundle: true,
    write: false,
    format: 'esm',
    ...options,
  })
  return outputFiles?.[0]?.text ?? ''
}

const runIn = (command: string, ...args: readonly string[]): Promise<string> =>
  succeed(consumer.folder, command, [...args, server.url])

describe('Node', () => {
  const majors = ['20', '22', '24']
  let nodes: readonly string[] = []

  beforeAll(async () => {
    nodes = lines(await succeed(checkout, process.execPath, ['.ci/nodes.js', ...majors]))
  })

  test.each(majors)('%s', async major => {
    const node = nodes[majors.indexOf(major)] ?? ''
    expect(await runIn(node, 'main.mjs')).toBe(`${allWell}\n`)
    expect(await runIn(node, 'main.cjs')).toBe(`${allWell}\n`)
  })
})

/** These hosts run Node programs too, and bundles for Node. */
describe.each([
  ['Node', () => [process.execPath]],
  ['Bun', () => [bin('bun')]],
  ['Deno', () => [bin('deno'), 'run', '--allow-net', '--allow-env', '--allow-read']],
])('%s', (_, command) => {
  const start = async (file: string): Promise<string> => {
    const [host = '', ...args] = command()
    return runIn(host, ...args, file)
  }

  test.each(['main.mjs', 'main.cjs'])('runs %s', async file => {
    expect(await start(file)).toBe(`${allWell}\n`)
  })

  test.each([
    ['ES modules', 'main.mjs', 'bundle.mjs', 'esm'],
    // Here not even \`require('node:http')\` works.
    ['CommonJS, as an ES module', 'main.cjs', 'common.mjs', 'esm'],
    ['CommonJS', 'main.cjs', 'bundle.cjs', 'cjs'],
  ] as const)('runs a bundle of %s for Node', async (_, file, to, format) => {
    await consumer.write({ [to]: await bundle(file, { platform: 'node', format }) })
    expect(await start(to)).toBe(`${allWell}\n`)
  })
})

describe('workerd', () => {
  test.each(['2022-01-01', '2024-11-10', '2024-11-12', '2026-11-01'])(
    'watches uploads with the compatibility date %s',
    async date => {
      await consumer.write({
        'worker.mjs': `
          import { watch } from './watch.mjs'
          const answer = async request =>
            new Response(await watch(new URL(request.url).searchParams.get('api')))
          export default { fetch: answer }
        `,
      })
      const conditions = ['workerd', 'worker', 'browser']
      const code = await bundle('worker.mjs', { conditions })
      const worker = await openWorkerd(bin('workerd'), consumer, code, date)
      const answer = await fetch(`${worker.url}?api=${encodeURIComponent(server.url)}`)
      expect(await answer.text()).toBe(allWell)
      await worker.close()
    },
  )

  test('makes a relay inside a request, and refuses one that all requests would share', async () => {
    await consumer.write({
      'worker.mjs': `
        import { createUploadStatusClient } from '${name}'
        import { createStatusRelay } from '${name}/relay'
        const create = baseUrl => {
          const options = { apiKey: 'key_of_the_host', baseUrl, schedule: () => 20 }
          const client = createUploadStatusClient(options)
          return createStatusRelay({ client, authorize: () => true })
        }
        let said = ''
        try {
          create()
        } catch (error) {
          said = error.message
        }
        const answer = request => {
          const api = new URL(request.url).searchParams.get('api')
          return api === null ? new Response(said) : create(api)(request)
        }
        export default { fetch: answer }
      `,
    })
    const conditions = ['workerd', 'worker', 'browser']
    const code = await bundle('worker.mjs', { conditions })
    const worker = await openWorkerd(bin('workerd'), consumer, code, '2026-11-01')
    const shared = await fetch(worker.url)
    expect(await shared.text()).toMatch(/inside `fetch`, or in a Durable Object/)
    const own = await fetch(`${worker.url}?ref=acct_1/plain&api=${encodeURIComponent(server.url)}`)
    expect(await own.text()).toMatch(/"pending"[^]*"completed"/)
    await worker.close()
  })
})

describe("Vercel's edge runtime", () => {
  test('watches uploads in its own context', async () => {
    const conditions = ['edge-light', 'worker', 'browser']
    const iife = { format: 'iife', globalName: 'program', conditions } as const
    await consumer.write({
      'edge.js': await bundle('watch.mjs', iife),
      'edge.cjs': `
        const { EdgeVM } = require('${hosts}/node_modules/@edge-runtime/vm')
        const vm = new EdgeVM()
        vm.evaluate(require('node:fs').readFileSync('edge.js', 'utf8'))
        vm.evaluate('program').watch(process.argv[2]).then(console.log)
      `,
    })
    expect(await runIn(process.execPath, 'edge.cjs')).toBe(`${allWell}\n`)
  })
})

describe('jest with jsdom', () => {
  const jestHere = join(checkout, 'node_modules/jest/bin/jest.js')

  const runTest = async (text: string): Promise<string> => {
    await consumer.write({ 'jsdom.test.cjs': text })
    const config = JSON.stringify({
      testMatch: ['**/jsdom.test.cjs'],
      testTimeout: 60_000,
      testEnvironment: join(hosts, 'node_modules/jest-environment-jsdom'),
      transform: {},
    })
    const args = [jestHere, '--rootDir', consumer.folder, '--config', config]
    const { output } = await run(consumer.folder, process.execPath, args)
    return output
  }

  test('works with a fetch that the tests provide', async () => {
    const output = await runTest(`
      require('${hosts}/node_modules/whatwg-fetch')
      const { watch } = require('./watch.cjs')
      test('watches', async () => {
        expect(await watch('${server.url}')).toBe('${allWell}')
      })
    `)
    expect(output).toMatch(/^Tests: +1 passed/m)
  })

  test('names the option to pass if there is no fetch', async () => {
    const output = await runTest(`
      const { watch } = require('./watch.cjs')
      test('fails', async () => {
        const advice = 'there is no fetch here: pass one as the option fetch'
        await expect(watch('${server.url}')).rejects.toThrow(new ReferenceError(advice))
      })
    `)
    expect(output).toMatch(/^Tests: +1 passed/m)
  })
})

describe('React Native', () => {
  /** Old versions look at neither `exports` nor `imports`. */
  test.each(['true', 'false'])(
    'runs a bundle of Metro with package exports %s',
    async packageExports => {
      const { folder, write } = consumer
      await write(reactNativeFiles)
      const metro = ['metro.cjs', hosts, 'app.js', join(folder, 'app-bundle.js'), packageExports]
      await succeed(folder, process.execPath, metro)
      const code = await readFile(join(folder, 'app-bundle.js'), 'utf8')
      const { 'native.js': native, 'scripted.js': scripted } = reactNativeFiles
      await write({ 'hermes.js': scripted + native + code })
      const hermes = join(hosts, 'node_modules/hermes-engine-cli/linux64-bin/hermes')
      expect(await succeed(folder, hermes, ['-w', 'hermes.js'])).toBe(printed)
      const args = ['context.cjs', 'app-bundle.js']
      expect(await runIn(process.execPath, ...args)).toBe(printed)
    },
  )
})

describe('vitest', () => {
  test.each(['node', 'jsdom'])('watches uploads in the environment %s', async environment => {
    await symlink(
      join(hosts, 'node_modules/vitest'),
      join(consumer.folder, 'node_modules/vitest'),
    ).catch(() => undefined)
    await consumer.write({
      [`${environment}.spec.mjs`]: `
        import { expect, test } from 'vitest'
        import { watch } from './watch.mjs'
        test('watches', async () => {
          expect(await watch('${server.url}')).toBe('${allWell}')
        })
      `,
    })
    const args = ['run', '--environment', environment, `${environment}.spec.mjs`]
    const { output } = await run(consumer.folder, bin('vitest'), args)
    expect(output).toMatch(/Tests +1 passed/)
  })
})
