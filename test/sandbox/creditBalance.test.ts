import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { costOf, createCredits } from '../../src/sandbox/creditBalance'
import { ask, fileUrl, openSandbox, post, postForm, type Answer } from './openSandbox'

const used = ({ headers }: Answer): readonly (string | null)[] => [
  headers.get('x-ofapi-credits-used'),
  headers.get('x-ofapi-credits-balance'),
]

describe('the cost of an upload', () => {
  test.each([
    [0, 1],
    [333_333, 1],
    [333_334, 2],
    [1_000_000, 3],
    [1_000_001, 4],
    [104_857_600, 315],
  ])('of %d bytes is %d credits', (bytes, credits) => {
    expect(costOf(bytes)).toBe(credits)
  })

  test('is 3 per decimal MB, rounded up, and at least 1', () => {
    fc.assert(
      fc.property(fc.nat(200_000_000), bytes => {
        const cost = costOf(bytes)
        expect(Number.isInteger(cost)).toBe(true)
        expect(cost).toBeGreaterThanOrEqual(Math.max(1, (bytes * 3) / 1_000_000))
        expect(cost).toBeLessThan(Math.max(1, (bytes * 3) / 1_000_000) + 1)
      }),
    )
  })
})

test('a balance is never overdrawn, and a refused cost changes nothing', () => {
  fc.assert(
    fc.property(fc.nat(100), fc.array(fc.integer({ min: 1, max: 50 })), (initial, costs) => {
      const credits = createCredits(initial)
      const spent = costs.filter(cost => credits.spend(cost)).reduce((sum, cost) => sum + cost, 0)
      expect(credits.balance()).toBe(initial - spent)
      expect(credits.balance()).toBeGreaterThanOrEqual(0)
    }),
  )
})

describe('the credits of a sandbox', () => {
  const megabytes = (count: number): File => new File([new Uint8Array(count * 1_000_000)], 'a.jpg')

  test('are spent by uploads to both platforms, by size, and not by polls', async () => {
    const sandbox = await openSandbox({ credits: 20 })
    const started = await postForm(sandbox, 'vault', { file: megabytes(2), async: 'true' })
    expect([started.status, ...used(started)]).toEqual([202, '6', '14'])
    const { polling_url } = started.body as { polling_url: string }
    expect(used(await ask(sandbox, polling_url))).toEqual(['0', '14'])
    const finished = await postForm(sandbox, 'upload', { file: megabytes(1) })
    expect([finished.status, ...used(finished)]).toEqual([200, '3', '11'])
    const fansly = await post(sandbox, 'media/upload', { file_url: fileUrl }, 'fansly_acct_1')
    expect(fansly.body).toMatchObject({ credits_used: 3 })
    expect(used(fansly)).toEqual(['3', '8'])
  })

  test('are not spent by a POST that costs more than is left, which gets a 402', async () => {
    const sandbox = await openSandbox({ credits: 4 })
    const large = await postForm(sandbox, 'vault', { file: megabytes(2), async: 'true' })
    expect(large.status).toBe(402)
    expect(large.body).toEqual({ error: 'The team has too few credits for this upload.' })
    expect(used(large)).toEqual(['0', '4'])
    expect((await post(sandbox, 'vault', { file_url: fileUrl, async: true })).status).toBe(202)
    expect((await post(sandbox, 'vault', { file_url: fileUrl, async: true })).status).toBe(402)
    expect(sandbox.counts().uploads).toBe(1)
  })

  test('are not spent by a POST that is refused or whose upload fails immediately', async () => {
    const sandbox = await openSandbox({ credits: 9, maxUploads: 1 })
    expect(used(await post(sandbox, 'vault', {}))).toEqual(['0', '9'])
    const failed = await post(sandbox, 'vault', { file_url: 'https://m.example/fail.mp4' })
    expect([failed.status, ...used(failed)]).toEqual([422, '0', '9'])
    await post(sandbox, 'vault', { file_url: fileUrl, async: true })
    const full = await post(sandbox, 'vault', { file_url: fileUrl, async: true })
    expect([full.status, ...used(full)]).toEqual([503, '0', '6'])
  })

  test('are stated in the completed status of the upload that spent them', async () => {
    const sandbox = await openSandbox({ durations: { pending: 0, processing: 0 } })
    const { body } = await postForm(sandbox, 'vault', { file: megabytes(2), async: 'true' })
    const { polling_url } = body as { polling_url: string }
    expect((await ask(sandbox, polling_url)).body).toMatchObject({ credits_used: 6 })
  })
})
