import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { completed } from '../answers'
import { openProxy } from '../cli/proxyServer'
import { runSample } from '../docs/runSample'
import { read, samplesOf } from '../docs/samples'
import { openSecure } from '../platform/secureServer'
import { selfSigned } from '../platform/selfSigned'
import { row } from './row'

const identity = selfSigned('app.onlyfansapi.com')
const page = join(__dirname, '../../docs/proxies.md')
const recipes = samplesOf('docs/proxies.md', read(page), 'typescript')

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upload-status-proxy-'))
  await writeFile(join(folder, 'ca.pem'), identity.cert)
})
afterAll(() => rm(folder, { recursive: true }))

// The command line is tested in test/cli/process/proxy.test.ts.
row('a server behind HTTPS_PROXY, HTTP_PROXY, NO_PROXY', ({ by }) => {
  const [byUndici, byCrossFetch] = recipes
  const recipe = by({ 'cross-fetch': byCrossFetch, "Node's own fetch": byUndici })
  const needs = by({ 'cross-fetch': 'https-proxy-agent', "Node's own fetch": 'undici' })
  const run = (env: Readonly<Record<string, string>>): ReturnType<typeof runSample> =>
    runSample(recipe?.code ?? '', 'src/platform/node.ts', {
      ONLYFANSAPI_API_KEY: 'sk_test_secret',
      NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
      ...env,
    })

  describe('the recipe for programs', () => {
    test('imports the proxy agent that this fetch needs', () => {
      expect(recipes).toHaveLength(2)
      expect(recipe?.code).toContain(`from '${needs}'`)
    })

    test('tunnels to the server, so that the proxy never sees the key', async () => {
      const server = await openSecure(identity, JSON.stringify(completed))
      const proxy = await openProxy({ tunnelTo: server.port })
      const HTTPS_PROXY = `http://me:password@127.0.0.1:${String(proxy.port)}`
      expect(await run({ HTTPS_PROXY })).toEqual({ exit: 0, output: 'Right\n', errors: '' })
      expect(proxy.asked()).toEqual(['CONNECT app.onlyfansapi.com:443 as me:password'])
    })
  })
})
