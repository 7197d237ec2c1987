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
  test('is two dependencies at run time, and two peers beside those that are optional', () => {
    const optional = Object.keys(manifest['peerDependenciesMeta'] as Json)
    const peers = Object.keys(manifest['peerDependencies'] as Json)
    expect(Object.keys(manifest['dependencies'] as Json)).toEqual(['cross-fetch', 'io-ts'])
    expect(peers.filter(peer => !optional.includes(peer))).toEqual(['fp-ts', 'rxjs'])
    expect(optional).toEqual(['react', 'vue'])
  })

  test('runs nothing when it is installed', () => {
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

  test('names no registry, so that everyone uses his own', () => {
    expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
  })

  test('is published with provenance', () => {
    expect(manifest['publishConfig']).toMatchObject({ provenance: true })
  })
})
