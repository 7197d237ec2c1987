import { expect, test } from '@jest/globals'
import browser from '../../src/platform/browser'
import edge from '../../src/platform/edge'
import node from '../../src/platform/node'
import reactNative from '../../src/platform/reactNative'
import { name, version } from '../../package.json'

test('the User-Agent names the package and its version in Node only', () => {
  expect(node.headers).toEqual({ 'user-agent': `${name}/${version}` })
  expect([browser.headers, edge.headers, reactNative.headers]).toEqual([{}, {}, {}])
})
