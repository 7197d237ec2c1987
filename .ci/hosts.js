import { installOutOfTree } from './outOfTree.js'

/** Prints the folder that holds the hosts other than Node, each a package of npm. */
console.log(
  installOutOfTree('hosts', {
    '@edge-runtime/vm': '5.0.0',
    '@react-native/babel-preset': '0.82.1',
    '@react-native/metro-babel-transformer': '0.82.1',
    'abort-controller': '3.0.0',
    bun: '1.4.5',
    deno: '2.9.6',
    'hermes-engine-cli': '0.12.0',
    'jest-environment-jsdom': '30.5.2',
    metro: '0.83.8',
    vitest: '3.2.7',
    'whatwg-fetch': '3.6.20',
    workerd: '1.20261117.1',
  }),
)
