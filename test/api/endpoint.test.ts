import { describe, expect, test } from '@jest/globals'
import { expectTypeOf } from 'expect-type'
import fc from 'fast-check'
import type { Either } from 'fp-ts/Either'
import * as E from 'fp-ts/lib/Either.js'
import { parsePollingUrl, statusUrl, vendorUrl } from '../../src/api/endpoint'
import { describe as describeFailure } from '../../src/failure/match'
import type { Failure } from '../../src/failure/failure'
import type { UploadRef } from '../../src/api/uploadRef'

const account = 'acct_1'
const upload = 'ofapi_media_1'
const path = `/api/${account}/media/uploads/${upload}/status`

/** Which part was refused; null if none was. The value itself is never in the failure. */
const refusedPart = (answer: Either<Failure, unknown>, secret = 'evil'): string | null => {
  if (E.isRight(answer)) return null
  expect(answer.left).toMatchObject({ _tag: 'InvalidRequest', attempts: 0, lastStatus: null })
  expect(JSON.stringify(answer.left)).not.toContain(secret)
  return answer.left._tag === 'InvalidRequest' ? answer.left.which : answer.left._tag
}

/** A WHATWG parser must read an accepted URL exactly as it is written. */
const expectReadAsWritten = (url: string): void => {
  const [, origin = '', rest = ''] = /^([a-z]+:\/\/[^/]*)(.*)$/is.exec(url) ?? []
  expect(new URL(url)).toMatchObject({
    origin: origin.toLowerCase().replace(/^(https:.*):443$|^(http:.*):80$/, '$1$2'),
    username: '',
    password: '',
    pathname: rest,
    search: '',
    hash: '',
  })
}

const legalBases: ReadonlyArray<readonly [base: string, normalized: string]> = [
  [vendorUrl, vendorUrl],
  ['https://app.onlyfansapi.com/', 'https://app.onlyfansapi.com'],
  ['https://proxy.example:8443', 'https://proxy.example:8443'],
  ['https://proxy.example/of/v1.2/~me/', 'https://proxy.example/of/v1.2/~me'],
  ['https://proxy.example/...', 'https://proxy.example/...'],
  ['HTTPS://Proxy.Example/Of', 'HTTPS://Proxy.Example/Of'],
  ['https://10.0.0.1', 'https://10.0.0.1'],
  ['https://[2001:db8::1]:8443', 'https://[2001:db8::1]:8443'],
  ['http://localhost', 'http://localhost'],
  ['http://LOCALHOST:4010/', 'http://LOCALHOST:4010'],
  ['http://127.0.0.1:4010', 'http://127.0.0.1:4010'],
  ['http://127.255.255.254', 'http://127.255.255.254'],
  ['http://[::1]:4010', 'http://[::1]:4010'],
]

const identifiers = fc.stringMatching(/^[A-Za-z0-9_-]{1,128}$/)

describe('statusUrl', () => {
  test.each(legalBases)('returns the status URL under %s', (base, normalized) => {
    const url = statusUrl(base, account, upload)
    expect(url).toEqual(E.right(normalized + path))
    expectReadAsWritten(normalized + path)
  })

  test.each([
    ['http to another host', 'http://evil.example'],
    ['http to a private address', 'http://10.0.0.1'],
    ['http to every address', 'http://0.0.0.0'],
    ['http to a name that begins like a loopback address', 'http://127.0.0.1.evil.com'],
    ['http to a name that begins like a loopback name', 'http://localhost.evil.com'],
    ['http to a name that ends like a loopback name', 'http://evil-localhost'],
    ['http to a subdomain of a loopback name', 'http://evil.localhost'],
    ['http with loopback as user', 'http://localhost@evil.com'],
    ['http with loopback as user and password', 'http://127.0.0.1:80@evil.com'],
    ['http to loopback in short form', 'http://127.1'],
    ['http to loopback as one number', 'http://2130706433'],
    ['http to loopback in hexadecimal', 'http://0x7f.0.0.1'],
    ['http to the unspecified IPv6 address', 'http://[::]'],
    ['http to another IPv6 address', 'http://[::2]'],
    ['http to loopback mapped into IPv6', 'http://[::ffff:127.0.0.1]'],
    ['http to an IPv6 address with a zone', 'http://[::1%25evil]'],
    ['another scheme', 'ftp://evil.example'],
    ['a WebSocket', 'wss://evil.example'],
    ['a script', 'javascript:evil()'],
    ['no scheme', 'evil.example'],
    ['no scheme but slashes', '//evil.example'],
    ['one slash', 'https:/evil.example'],
    ['no slash', 'https:evil.example'],
    ['three slashes', 'https:///evil.example'],
    ['backslashes', 'https:\\\\evil.example'],
    ['a backslash after the host', 'https://evil.example\\x'],
    ['no host', 'https://'],
    ['a user', 'https://evil@proxy.example'],
    ['a user and a password', 'https://evil:evil@proxy.example'],
    ['an empty user', 'https://@proxy.example'],
    ['an empty port', 'https://proxy.example:'],
    ['a port in letters', 'https://proxy.example:evil'],
    ['a port of six digits', 'https://proxy.example:100000'],
    ['a query', 'https://proxy.example?evil'],
    ['an empty query', 'https://proxy.example/?'],
    ['a fragment', 'https://proxy.example#evil'],
    ['a parent segment at its end', 'https://proxy.example/..'],
    ['a parent segment inside', 'https://proxy.example/a/../evil'],
    ['a dot segment', 'https://proxy.example/./evil'],
    ['an encoded parent segment', 'https://proxy.example/%2e%2e/evil'],
    ['an encoded slash', 'https://proxy.example/a%2fevil'],
    ['an encoded host', 'https://%65vil.example'],
    ['an empty segment', 'https://proxy.example//evil'],
    ['two slashes at its end', 'https://proxy.example//'],
    ['parameters', 'https://proxy.example/a;evil'],
    ['a space before it', ' https://proxy.example'],
    ['a space after it', 'https://proxy.example '],
    ['a newline after it', 'https://proxy.example\n'],
    ['a tab inside', 'https://proxy.\texample'],
    ['a NUL', 'https://proxy.example\0'],
    ['a host that is not ASCII', 'https://evil\u3002example'],
    ['a letter that folds to ASCII', 'https://app.onlyfan\u017fapi.com'],
    ['a name with %', 'https://proxy.example%00.evil.com'],
    ['no characters', ''],
    // URL parsers reject these. If they were accepted, each attempt would fail and be retried.
    ['a port that does not exist', 'https://proxy.example:65536'],
    ['a loopback address that does not exist', 'http://127.0.0.256'],
    ['an invalid IPv6 address', 'https://[:::1]'],
    ['an invalid IPv4 address', 'https://1.2.3.4.5'],
  ])('refuses a base URL with %s', (_, base) => {
    expect(refusedPart(statusUrl(base, account, upload))).toBe('baseUrl')
  })

  test.each([
    ['undefined', undefined],
    ['null', null],
    ['a number', 1],
    ['an array of one', [vendorUrl]],
    ['a URL object', new URL(vendorUrl)],
    ['an object that converts to one', { toString: () => vendorUrl }],
  ])('refuses a base URL that is %s', (_, base) => {
    expect(refusedPart(statusUrl(base, account, upload))).toBe('baseUrl')
  })

  test.each<[string, unknown]>([
    ['empty', ''],
    ['a parent segment', '..'],
    ['an encoded parent segment', '%2e%2e'],
    ['a path', 'evil/evil'],
    ['a query', 'evil?'],
    ['a fragment', 'evil#'],
    ['a backslash', 'evil\\'],
    ['a newline', 'evil\n'],
    ['129 letters', 'e'.repeat(129)],
    ['undefined', undefined],
    ['an array of one', ['acct_1']],
    ['a number', 1],
  ])('refuses an account or an upload that is %s', (_, id) => {
    expect(refusedPart(statusUrl(vendorUrl, id, upload))).toBe('account')
    expect(refusedPart(statusUrl(vendorUrl, account, id))).toBe('upload')
  })

  test.each([
    ['account', 'a/b', upload, vendorUrl, 'must be 1 to 128 letters, digits, "_" or "-"'],
    ['upload', account, 'a/b', vendorUrl, 'must be 1 to 128 letters, digits, "_" or "-"'],
    [
      'base URL',
      account,
      upload,
      'http://evil.example',
      'must be an https URL, or http to loopback, without user info, query or fragment',
    ],
  ])('explains what is wrong with the %s', (_, one, other, base, why) => {
    expect(statusUrl(base, one, other)).toMatchObject(E.left({ why }))
  })

  test('reports the account before the upload, and both before the base URL', () => {
    expect(refusedPart(statusUrl('', '', ''))).toBe('account')
    expect(refusedPart(statusUrl('', account, ''))).toBe('upload')
    expect(refusedPart(statusUrl('', account, upload))).toBe('baseUrl')
  })
})

const hostile = fc.constantFrom(
  ...['/', '\\', '.', '..', '%2e', '%2f', '@', ':', '?', '#', ';', ' ', '\t', '\n', '\r', '\0'],
  ...[
    '//',
    '/../',
    '/./',
    ':443',
    ':80',
    ':8080',
    'A',
    '\u3002',
    '\uff0f',
    '\u212a',
    '[',
    ']',
    '-',
  ],
)

/** The text with something hostile at any position, in place of 0 to 3 of its characters. */
const spoilt = (text: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.nat(text.length), hostile, fc.nat(3))
    .map(([at, piece, over]) => text.slice(0, at) + piece + text.slice(at + over))

describe('the platform of a status URL', () => {
  const fansly = `${vendorUrl}/api/fansly/fansly_acct_1/media/uploads/fansly_media_1/status`

  test.each<[string, unknown[], string]>([
    ['OnlyFans for its ids', [account, upload], vendorUrl + path],
    ['OnlyFans for ids without a prefix', ['a', 'b'], `${vendorUrl}/api/a/media/uploads/b/status`],
    ['OnlyFans by name', [account, upload, 'onlyfans'], vendorUrl + path],
    ['Fansly for its ids', ['fansly_acct_1', 'fansly_media_1'], fansly],
    ['Fansly by name', ['fansly_acct_1', 'fansly_media_1', 'fansly'], fansly],
  ])('is %s', (_, [one, other, named], url) => {
    expect(statusUrl(vendorUrl, one, other, named)).toEqual(E.right(url))
  })

  test.each<[string, unknown[], string]>([
    [
      'a Fansly account with another upload',
      ['fansly_acct_1', upload],
      'upload and account are of different',
    ],
    [
      'a Fansly upload with another account',
      [account, 'fansly_media_1'],
      'upload and account are of different',
    ],
    [
      'the name Fansly with ids of OnlyFans',
      [account, upload, 'fansly'],
      'platform must be onlyfans, like',
    ],
    [
      'the name OnlyFans with ids of Fansly',
      ['fansly_acct_1', 'fansly_media_1', 'onlyfans'],
      'platform must be fansly, like',
    ],
    ['an unknown name', [account, upload, 'myspace'], 'platform must be onlyfans or fansly'],
    ['a name that is not a string', [account, upload, null], 'platform must be onlyfans or fansly'],
    ['swapped ids', [upload, account], 'account and upload are swapped'],
    ['two uploads', [upload, upload], 'account and upload are swapped'],
    ['two accounts', [account, account], 'account and upload are swapped'],
    [
      'swapped ids of Fansly',
      ['fansly_media_1', 'fansly_acct_1'],
      'account and upload are swapped',
    ],
    ['a polling URL as upload', [account, fansly], 'upload looks like a polling URL: use'],
    ['a polling URL as account', [fansly, upload], 'account looks like a polling URL: use'],
    [
      'the path of a polling URL as upload',
      [account, path],
      'upload looks like a polling URL: use parsePollingUrl',
    ],
  ])('is refused before anything is sent for %s', (_, [one, other, named], why) => {
    const url = statusUrl(vendorUrl, one, other, named)
    expect(E.isLeft(url) && describeFailure(url.left)).toContain(`no poll was sent: ${why}`)
  })

  test('is read from a polling URL', () => {
    expect(parsePollingUrl(fansly)).toEqual(
      E.right({ account: 'fansly_acct_1', upload: 'fansly_media_1' }),
    )
  })
})

describe('parsePollingUrl', () => {
  test.each([
    ['as the vendor sends it', vendorUrl + path],
    ['with the default port', `https://app.onlyfansapi.com:443${path}`],
    ['with a host in capitals', `https://APP.OnlyFansAPI.com${path}`],
    ['with a scheme in capitals', `HTTPS://app.onlyfansapi.com${path}`],
    ['with all of these', `HTTPS://APP.ONLYFANSAPI.COM:443${path}`],
  ])('reads account and upload from a URL %s', (_, url) => {
    expect(parsePollingUrl(url)).toStrictEqual(E.right({ account, upload }))
  })

  test.each(legalBases)('reads a URL under the base %s', (base, normalized) => {
    expect(parsePollingUrl(normalized + path, { baseUrl: base })).toEqual(
      E.right({ account, upload }),
    )
  })

  test.each([
    ['https://proxy.example:443', `https://proxy.example${path}`],
    ['https://proxy.example', `https://proxy.example:443${path}`],
    ['http://localhost:80/', `http://localhost${path}`],
    ['http://localhost', `http://LocalHost:80${path}`],
    ['http://[::1]:80', `http://[::1]${path}`],
    ['https://proxy.example/Of', `https://PROXY.example:443/Of${path}`],
    ['https://proxy.example/api', `https://proxy.example/api${path}`],
    [
      'https://proxy.example/api/a/media/uploads/b/status',
      `https://proxy.example/api/a/media/uploads/b/status${path}`,
    ],
  ])('under base %s accepts the equivalent %s', (baseUrl, url) => {
    expect(parsePollingUrl(url, { baseUrl })).toEqual(E.right({ account, upload }))
  })

  test.each([
    ['another host', `https://evil.example${path}`],
    ['a host that ends like that of the vendor', `https://evilapp.onlyfansapi.com${path}`],
    [
      'a host that begins like that of the vendor',
      `https://app.onlyfansapi.com.evil.example${path}`,
    ],
    ['a sibling domain', `https://evil.onlyfansapi.com${path}`],
    ['the parent domain', `https://onlyfansapi.com${path}`],
    ['the host of the vendor as user', `https://app.onlyfansapi.com@evil.example${path}`],
    ['a user', `https://evil@app.onlyfansapi.com${path}`],
    ['a user and a password', `https://evil:evil@app.onlyfansapi.com${path}`],
    ['an empty user', `https://@app.onlyfansapi.com${path}`],
    ['another port', `https://app.onlyfansapi.com:8443${path}`],
    ['the default port of http', `https://app.onlyfansapi.com:80${path}`],
    ['an empty port', `https://app.onlyfansapi.com:${path}`],
    ['the default port with a zero', `https://app.onlyfansapi.com:0443${path}`],
    ['the default port twice', `https://app.onlyfansapi.com:443:443${path}`],
    ['http', `http://app.onlyfansapi.com${path}`],
    ['http to the port of https', `http://app.onlyfansapi.com:443${path}`],
    ['another scheme', `ftp://app.onlyfansapi.com${path}`],
    ['no scheme', `//app.onlyfansapi.com${path}`],
    ['no origin', path],
    ['a dot at the end of the host', `https://app.onlyfansapi.com.${path}`],
    ['a backslash after the host', `https://app.onlyfansapi.com\\@evil.example${path}`],
    ['backslashes for slashes', `https:\\\\app.onlyfansapi.com${path}`],
    ['an IPv6 address', `https://[::1]${path}`],
    ['loopback', `http://127.0.0.1${path}`],
    ['a name that begins like loopback', `http://127.0.0.1.evil.com${path}`],
    ['a host in full width', `https://\uff41pp.onlyfansapi.com${path}`],
    ['a host with an ideographic stop', `https://app\u3002onlyfansapi.com${path}`],
    ['a host with a long s', `https://app.onlyfan\u017fapi.com${path}`],
    ['a folder before the path', `https://app.onlyfansapi.com/evil${path}`],
    ['an empty segment before the path', `https://app.onlyfansapi.com/${path}`],
    ['a parent segment before the path', `https://app.onlyfansapi.com/evil/..${path}`],
    ['a space before it', ` ${vendorUrl}${path}`],
    ['a tab in the scheme', `ht\ttps://app.onlyfansapi.com${path}`],
    ['a URL before it', `https://evil.example/?${vendorUrl}${path}`],
    ['a URL before it, in its fragment', `https://evil.example/#${vendorUrl}${path}`],
    ['a line before it', `https://evil.example\n${vendorUrl}${path}`],
    ['a query', `${vendorUrl}${path}?evil`],
    ['an empty query', `${vendorUrl}${path}?`],
    ['a fragment', `${vendorUrl}${path}#evil`],
    ['a query that ends like the path', `${vendorUrl}${path}?x=${path}`],
    ['a slash after it', `${vendorUrl}${path}/`],
    ['a newline after it', `${vendorUrl}${path}\n`],
    ['a space after it', `${vendorUrl}${path} `],
    ['a NUL after it', `${vendorUrl}${path}\0`],
    ['a path in capitals', vendorUrl + path.replace('api', 'API')],
    ['a longer path', `${vendorUrl}${path}/evil`],
    ['a shorter path', vendorUrl + path.replace('/status', '')],
    ['an empty account', vendorUrl + path.replace(account, '')],
    ['an empty upload', vendorUrl + path.replace(upload, '')],
    ['`..` as account', vendorUrl + path.replace(account, '..')],
    ['`..` as upload', vendorUrl + path.replace(upload, '..')],
    ['`%2e%2e` as upload', vendorUrl + path.replace(upload, '%2e%2e')],
    ['`.%2E` as upload', vendorUrl + path.replace(upload, '.%2E')],
    ['an encoded letter in the upload', vendorUrl + path.replace(upload, '%6ffapi_media_1')],
    ['an encoded slash in the upload', vendorUrl + path.replace(upload, 'a%2fb')],
    ['a backslash in the upload', vendorUrl + path.replace(upload, 'a\\b')],
    ['a semicolon in the upload', vendorUrl + path.replace(upload, 'a;b')],
    ['a newline in the upload', vendorUrl + path.replace(upload, 'a\nb')],
    [
      'the ids of Fansly under the path of OnlyFans',
      `${vendorUrl}/api/fansly_acct_1/media/uploads/fansly_media_1/status`,
    ],
    [
      'the ids of OnlyFans under the path of Fansly',
      `${vendorUrl}/api/fansly/acct_1/media/uploads/ofapi_media_1/status`,
    ],
    ['no characters', ''],
  ])('refuses a URL with %s', (_, url) => {
    expect(refusedPart(parsePollingUrl(url))).toBe('pollingUrl')
  })

  test('accepts ids of 128 characters and refuses ids of 129', () => {
    const of = (one: string, other: string): Either<Failure, UploadRef> =>
      parsePollingUrl(`${vendorUrl}/api/${one}/media/uploads/${other}/status`)
    const [longest, longer] = ['a'.repeat(128), 'a'.repeat(129)]
    expect(of(longest, longest)).toEqual(E.right({ account: longest, upload: longest }))
    expect(refusedPart(of(longer, 'u'), longer)).toBe('account')
    expect(refusedPart(of('a', longer), longer)).toBe('upload')
  })

  test.each([
    ['http to another host', 'http://evil.example'],
    ['a user', 'https://evil@proxy.example'],
    ['a query', 'https://proxy.example?evil'],
  ])('refuses a base URL with %s, even if the URL is under it', (_, baseUrl) => {
    expect(refusedPart(parsePollingUrl(baseUrl + path, { baseUrl }))).toBe('baseUrl')
  })

  test('refuses a URL that is not under the configured base', () => {
    const baseUrl = 'http://localhost:4010'
    expect(refusedPart(parsePollingUrl(vendorUrl + path, { baseUrl }))).toBe('pollingUrl')
    expect(refusedPart(parsePollingUrl(baseUrl + path))).toBe('pollingUrl')
  })

  test.each([
    ['another path', `${vendorUrl}/api/x`, 'is not the status URL of an upload'],
    ['another origin', `https://evil.example${path}`, `is not under the base URL ${vendorUrl}`],
  ])('explains what is wrong with %s', (_, url, why) => {
    expect(parsePollingUrl(url)).toMatchObject(E.left({ why }))
  })

  // The URL comes from a response, so the compiler cannot check it.
  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a number', 1],
    ['an object', {}],
    ['an array of one', [vendorUrl + path]],
    ['an object that converts to one', { toString: () => vendorUrl + path }],
  ])('refuses %s instead of throwing', (_, url) => {
    expect(refusedPart(parsePollingUrl(url as string))).toBe('pollingUrl')
  })

  test('is the inverse of statusUrl, under every base', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...legalBases.map(([base]) => base)),
        identifiers,
        identifiers,
        (baseUrl, one, other) => {
          const url = statusUrl(baseUrl, one, other)
          expect(E.isRight(url)).toBe(true)
          if (E.isLeft(url)) return
          expectReadAsWritten(url.right)
          expect(parsePollingUrl(url.right, { baseUrl })).toEqual(
            E.right({ account: one, upload: other }),
          )
        },
      ),
    )
  })

  test('accepts a URL of the vendor only if a WHATWG parser reads the same status URL', () => {
    fc.assert(
      fc.property(spoilt(vendorUrl + path), url => {
        const ref = parsePollingUrl(url)
        fc.pre(E.isRight(ref))
        if (E.isLeft(ref)) return
        const { account: one, upload: other } = ref.right
        expect(statusUrl(vendorUrl, one, other)).toEqual(E.right(new URL(url).href))
      }),
      { numRuns: 500, maxSkipsPerRun: 1_000 },
    )
  })

  test('accepts a base URL only if a WHATWG parser reads it as it is written', () => {
    fc.assert(
      fc.property(spoilt('https://proxy.example/of/me'), base => {
        const url = statusUrl(base, account, upload)
        fc.pre(E.isRight(url))
        if (E.isRight(url)) expectReadAsWritten(url.right)
      }),
      { numRuns: 500, maxSkipsPerRun: 1_000 },
    )
  })

  test('never throws for any string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(refusedPart(parsePollingUrl(text), '\0evil')).toBe('pollingUrl')
        expect(refusedPart(parsePollingUrl(text + path), '\0evil')).toBe('pollingUrl')
      }),
    )
  })

  test('refuses long URLs in linear time', () => {
    const long = [
      `${vendorUrl}/api/${'a'.repeat(200_000)}`,
      '/api/a'.repeat(40_000),
      `https://${':443'.repeat(50_000)}${path}`,
      `https://${'a'.repeat(200_000)}${path}`,
      'a'.repeat(200_000) + path,
    ]
    const before = performance.now()
    for (const url of long) expect(E.isLeft(parsePollingUrl(url))).toBe(true)
    expect(performance.now() - before).toBeLessThan(1_000)
  })

  test('returns an Either of Failure and UploadRef to the compiler', () => {
    expectTypeOf(parsePollingUrl).returns.toEqualTypeOf<Either<Failure, UploadRef>>()
    expectTypeOf(parsePollingUrl)
      .parameter(1)
      .toEqualTypeOf<{ readonly baseUrl?: string | undefined } | undefined>()
  })
})
