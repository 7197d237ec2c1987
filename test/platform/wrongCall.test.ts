import { describe, expect, test } from '@jest/globals'
import { unreachable } from '../../src/failure/failure'
import browser from '../../src/platform/browser'
import reactNative from '../../src/platform/reactNative'

describe.each([
  ['a browser', browser],
  ['React Native', reactNative],
])('%s', (_, platform) => {
  test.each([
    // Chromium
    'Failed to fetch',
    'network error',
    'net::ERR_CONNECTION_RESET',
    // Firefox
    'NetworkError when attempting to fetch resource.',
    'Error in body stream',
    'Error in input stream',
    // Safari
    'Load failed',
    'Type error',
    'cancelled',
    'The network connection was lost.',
    'The Internet connection appears to be offline.',
    'Could not connect to the server.',
    'A server with the specified hostname could not be found.',
    'The certificate for this server is invalid.',
    'Die Netzwerkverbindung wurde unterbrochen.',
    'Origin https://page.example is not allowed by Access-Control-Allow-Origin.',
    // React Native
    'Network request failed',
    'Network request timed out',
    // Deno
    'error sending request for url (https://api.example/)',
    'fetch failed',
    'error reading a body from connection',
    'unexpected end of file',
    // workerd
    'Gzip decompression failed.',
  ])('reports a lost connection for the message: %s', message => {
    expect(platform.failureOf(new TypeError(message), '')).toEqual(unreachable('UNKNOWN'))
  })

  test.each([
    // V8
    'x is not a function',
    'x is not a constructor',
    'x is not iterable',
    "Cannot read properties of undefined (reading 'x')",
    "Cannot read property 'x' of null",
    'Cannot convert undefined or null to object',
    "Failed to execute 'fetch' on 'Window': Invalid value",
    "Failed to construct 'Headers': Invalid name",
    'Failed to parse URL from nope',
    'Illegal invocation',
    'Body is unusable: Body has already been read',
    // Firefox
    'x is undefined',
    'can\'t access property "x", y is undefined',
    "'fetch' called on an object that does not implement interface Window.",
    'Window.fetch: nope is not a valid URL.',
    'Response.text: Body has already been consumed.',
    // Safari
    "undefined is not an object (evaluating 'x.y')",
    "null is not an object (evaluating 'x.y')",
    'Can only call Window.fetch on instances of Window',
    'Body is disturbed or locked',
    // Deno
    'Invalid header name: "a b"',
    'Request with GET/HEAD method cannot have body',
    // workerd
    "Incorrect type for the 'signal' field on 'RequestInitializerDict': the provided value is not of type 'AbortSignal'.",
    'Invalid header value.',
    'Invalid URL: nonsense',
    'Invalid redirect value, must be one of "follow" or "manual"',
    'Request with a GET or HEAD method cannot have a body.',
    'Illegal invocation: function called with incorrect `this` reference.',
    'Body has already been used. It can only be used once.',
  ])('reports a bug for the message: %s', message => {
    expect(platform.failureOf(new TypeError(message), '')).toBeNull()
    expect(platform.failureOf(new Error('lost', { cause: new TypeError(message) }), '')).toBeNull()
  })

  test('reports a bug for any ReferenceError', () => {
    expect(platform.failureOf(new ReferenceError('Failed to fetch'), '')).toBeNull()
  })

  test.each([new Error('x is not a function'), 'x is not a function', null, undefined])(
    'reports a lost connection for a value that is not a TypeError: %p',
    error => {
      expect(platform.failureOf(error, '')).toEqual(unreachable('UNKNOWN'))
    },
  )
})
