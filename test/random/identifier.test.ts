import { describe } from '@jest/globals'
import fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/Either'
import { parsePollingUrl, statusUrl } from '../../src/api/endpoint'
import { holds } from './holds'

/** Letters that an id may have, and letters with a meaning in a URL or to a reader of one. */
const letters = Array.from(
  'aZ09_-' + './\\?#%:@&=+;,~*!$\'"()<>[]{}|^` \t\n\r\0' + 'äſ１‥／．﹒\u00ad\u200b\u2028\ufeff',
)

const unit = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...letters.slice(0, 6)) },
  { weight: 2, arbitrary: fc.constantFrom(...letters, '%2e', '%2F', '%00', '..', '../') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
)

const id = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit, maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: fc.constantFrom('a', '-', '.'), maxLength: 140, size: 'max' }),
  },
  { weight: 1, arbitrary: fc.constantFrom('.', '..', '%2e%2e', '__proto__', 'a'.repeat(129)) },
)

const base = fc.constantFrom(
  'https://app.onlyfansapi.com',
  'https://backend.example:8443/of.api/',
  'http://127.0.0.1:3000',
  'http://[::1]/v1',
)

/** The rule of docs/protocol.md, for each letter. */
const isLegal = (text: string): boolean =>
  text.length >= 1 &&
  text.length <= 128 &&
  Array.from(text).every(
    letter =>
      (letter >= 'a' && letter <= 'z') ||
      (letter >= 'A' && letter <= 'Z') ||
      (letter >= '0' && letter <= '9') ||
      letter === '_' ||
      letter === '-',
  )

describe('an id', () => {
  holds(
    'is rejected, or appears unchanged in its own place in the address',
    2_500,
    fc.property(base, id, id, (baseUrl, account, upload) => {
      const made = statusUrl(baseUrl, account, upload)
      if (!isLegal(account) || !isLegal(upload))
        return isLeft(made) && made.left.which === (isLegal(account) ? 'upload' : 'account')
      if (isLeft(made)) return false
      const [url, whole] = [new URL(made.right), new URL(baseUrl)]
      const path = whole.pathname.replace(/\/$/, '')
      return (
        url.href === made.right &&
        url.origin === whole.origin &&
        url.username + url.password + url.search + url.hash === '' &&
        url.pathname === `${path}/api/${account}/media/uploads/${upload}/status`
      )
    }),
  )

  holds(
    'is parsed back unchanged from its address',
    2_500,
    fc.property(base, id, id, (baseUrl, account, upload) => {
      const url = `${baseUrl.replace(/\/$/, '')}/api/${account}/media/uploads/${upload}/status`
      const ref = parsePollingUrl(url, { baseUrl })
      return isLegal(account) && isLegal(upload)
        ? isRight(ref) && ref.right.account === account && ref.right.upload === upload
        : isLeft(ref)
    }),
  )
})

/** A base URL with an insertion. */
const nearBase = fc
  .tuple(
    base,
    fc.nat({ max: 40 }),
    fc.nat({ max: 2 }),
    fc.oneof(
      fc.string({ unit, maxLength: 3 }),
      fc.constantFrom('..', '/..', '/.', '//', '\\', '%2e%2e', '@', 'a@', ':80', '?', '#', '.'),
    ),
  )
  .map(([url, at, cut, inserted]) => url.slice(0, at) + inserted + url.slice(at + cut))

describe('a base URL', () => {
  holds(
    'is rejected, or leads to its own host by https, or to this machine, without credentials or a query',
    2_500,
    fc.property(nearBase, baseUrl => {
      const made = statusUrl(baseUrl, 'acct_1', 'ofapi_media_1')
      if (isLeft(made)) return made.left.which === 'baseUrl'
      const url = new URL(made.right)
      const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
      return (
        (url.protocol === 'https:' || (url.protocol === 'http:' && isHere)) &&
        url.username + url.password + url.search + url.hash === '' &&
        url.pathname === made.right.replace(/^[a-z]+:\/\/[^/]+/i, '') &&
        url.pathname.endsWith('/api/acct_1/media/uploads/ofapi_media_1/status') &&
        // A host name as written, not as a parser might correct it. Numbers have many spellings.
        (/^[\d.]+$|^\[/.test(url.hostname) ||
          baseUrl.toLowerCase().startsWith(`${url.protocol}//${url.hostname}`))
      )
    }),
  )
})
