import { expect, test } from '@jest/globals'
import { createJournal, type SandboxRequest } from '../../src/sandbox/journal'

const requestAt = (at: number): SandboxRequest => ({
  kind: 'request',
  method: 'GET',
  path: null,
  upload: null,
  status: at % 2 === 0 ? 404 : 429,
  at,
})

test('a journal keeps the latest 1,000 requests, and counts all of them', () => {
  const journal = createJournal()
  const requests = Array.from({ length: 1_010 }, (_, at) => requestAt(at))
  requests.forEach(journal.record)
  expect(journal.latest()).toEqual(requests.slice(10))
  expect(journal.counts()).toEqual({ requests: 1_010, rateLimited: 505 })
})
