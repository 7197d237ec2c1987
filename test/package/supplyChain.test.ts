import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'

type Json = Readonly<Record<string, unknown>>

const read = (file: string): Json =>
  JSON.parse(readFileSync(join(__dirname, '../..', file), 'utf8')) as Json

const manifest = read('package.json')
const locked = Object.entries(
  read('package-lock.json')['packages'] as Readonly<Record<string, Json>>,
)

describe('the supply chain', () => {
  test('has two run-time dependencies, two peers, and optional peers', () => {
    expect(Object.keys(manifest['dependencies'] as Json)).toEqual(['cross-fetch', 'io-ts'])
    expect(Object.keys(manifest['peerDependencies'] as Json)).toEqual([
      '@opentelemetry/api',
      'bullmq',
      'fp-ts',
      'ioredis',
      'react',
      'rxjs',
      'vue',
    ])
    expect(manifest['peerDependenciesMeta']).toEqual({
      '@opentelemetry/api': { optional: true },
      bullmq: { optional: true },
      ioredis: { optional: true },
      react: { optional: true },
      vue: { optional: true },
    })
  })

  test('has no install script', () => {
    const scripts = Object.keys(manifest['scripts'] as Json)
    expect(scripts.filter(name => /^(pre|post)?(install|prepare)$/.test(name))).toEqual([])
    const ours = locked.filter(([path, { dev }]) => path !== '' && dev !== true)
    expect(ours.length).toBeGreaterThan(2)
    expect(ours.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([])
  })

  test('is pinned by hash', () => {
    const fetched = locked.filter(([path, { link }]) => path !== '' && link !== true)
    expect(fetched.filter(([, { integrity }]) => !String(integrity).startsWith('sha512-'))).toEqual(
      [],
    )
  })

  test("names no registry, so that each user's own is used", () => {
    expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
  })

  // npm rejects a publication with provenance if no repository is named.
  test('claims provenance only if a repository is named', () => {
    const publishConfig = manifest['publishConfig'] as Json
    expect('provenance' in publishConfig).toBe('repository' in manifest)
  })
})
