import { afterEach, expect, jest, test } from '@jest/globals'
import { requestBudget, type ClientOptions } from 'rx-upload-status'
import { completed, pending } from '../answers'
import { inFakeTime } from './fakeTime'
import { key } from './follow'
import { failLookUps } from './lookUp'
import { patience, perSecondOf, serveAll, watchMany } from './manyWatches'
import { row } from './row'

afterEach(() => {
  jest.restoreAllMocks()
})

const watches = 500

row(
  'an outage of the server or the network for 60 s, with 500 watches in one client or many',
  ({ fetch }) => {
    inFakeTime()

    const one = (): readonly ClientOptions[] => [{ budget: requestBudget({ perMinute: 30_000 }) }]
    const many = (): readonly ClientOptions[] => Array<ClientOptions>(20).fill({})

    test.each([
      ['a server', 'one client', one],
      ['a network', 'one client', one],
      ['a server', '20 clients', many],
    ])(
      'of %s, with %s: no watch ends, each client sends one probe at a time, and the return is spread',
      async (what, _, clientsOf) => {
        const clients = clientsOf()
        let status = pending
        const server = await serveAll(() => status)
        const { port } = new URL(server.url)
        const baseUrl = `http://localhost:${port}`
        const seen = watchMany(watches, clients, { apiKey: key, baseUrl, fetch })
        while (seen.answers() < watches) await seen.go(1_000)

        await server.close()
        if (what === 'a network') failLookUps('EAI_AGAIN')
        const before = seen.starts.length
        await seen.go(5_000)
        seen.mostAtOnce()
        await seen.go(55_000)
        expect(seen.mostAtOnce()).toBeLessThanOrEqual(clients.length)
        expect((seen.starts.length - before) / clients.length).toBeLessThan(100)

        status = completed
        jest.restoreAllMocks()
        await serveAll(() => status, Number(port))
        const [returned, back] = [seen.starts.length, performance.now()]
        while (seen.completed() + seen.failures.length < watches) await seen.go(1_000)
        expect(seen.failures).toEqual([])
        const perSecond = perSecondOf(seen.starts.slice(returned), back)
        expect(Math.max(...perSecond)).toBeLessThan(watches / 4)
      },
      patience,
    )
  },
)
