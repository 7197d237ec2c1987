import { allWell } from './program'

/** Bundles a file as an app of React Native does: `node metro.cjs HOSTS FILE OUT EXPORTS`. */
const metro = `
  const [hosts, entry, out, packageExports] = process.argv.slice(2)
  const at = name => require.resolve(name, { paths: [hosts] })
  const Metro = require(at('metro'))
  const bundle = async () => {
    const { resolver, transformer, ...config } = await Metro.loadConfig({ cwd: process.cwd() }, {})
    const app = {
      ...config,
      projectRoot: process.cwd(),
      watchFolders: [process.cwd(), hosts],
      cacheStores: [],
      maxWorkers: 1,
      reporter: { update() {} },
      resolver: {
        ...resolver,
        sourceExts: [...resolver.sourceExts, 'mjs'],
        useWatchman: false,
        nodeModulesPaths: [hosts + '/node_modules'],
        resolverMainFields: ['react-native', 'browser', 'main'],
        unstable_conditionNames: ['react-native'],
        unstable_enablePackageExports: packageExports === 'true',
      },
      transformer: {
        ...transformer,
        babelTransformerPath: at('@react-native/metro-babel-transformer'),
        asyncRequireModulePath: at('metro-runtime/src/modules/asyncRequire'),
      },
    }
    await Metro.runBuild(app, { entry, out, dev: false, minify: false, platform: 'android' })
  }
  bundle().then(
    () => process.exit(0),
    error => {
      console.error(error)
      process.exit(1)
    },
  )
`

/** An app with what React Native adds to Hermes, from the same packages. */
const app = `
  import 'abort-controller/polyfill'
  import 'whatwg-fetch'
  const { watch } = require('./watch.mjs')
  watch(address).then(print, defect => print(defect.stack))
`

/** The native part of React Native: \`exchange\` sends the requests, and returns how to stop one. */
const native = `
  globalThis.self = globalThis
  globalThis.console = { assert() {}, error: print, warn: print }
  globalThis.URL = function (url) { this.href = url }
  globalThis.performance = { now: () => Date.now() }
  globalThis.setInterval = (work, ms) => {
    const timer = { id: 0 }
    const next = () => {
      timer.id = setTimeout(() => { next(); work() }, ms)
    }
    next()
    return timer
  }
  globalThis.clearInterval = timer => { if (timer) clearTimeout(timer.id) }
  globalThis.XMLHttpRequest = function () { this.headers = {} }
  XMLHttpRequest.prototype = {
    open(method, url) { this.url = url },
    setRequestHeader(name, value) { this.headers[name.toLowerCase()] = value },
    getAllResponseHeaders: () => 'content-type: application/json\\r\\n',
    abort() { this.stop(); this.onabort() },
    send() {
      this.stop = exchange(this.url, this.headers, (status, text) => {
        Object.assign(this, { status, statusText: '', readyState: 4, response: text, responseText: text })
        this.onload()
      }, () => this.onerror())
    },
  }
`

/** Hermes has no network: these are the answers of the status server. */
const scripted = `
  // The timers of the Hermes binary ignore their delay.
  const turn = setTimeout
  const timers = new Set()
  let isTurning = false
  const arm = () => {
    if (!isTurning) turn(run, 0)
    isTurning = true
  }
  const run = () => {
    isTurning = false
    const now = Date.now()
    for (const timer of [...timers].sort((a, b) => a.at - b.at))
      if (timer.at <= now && timers.delete(timer)) timer.work()
    if (timers.size > 0) arm()
  }
  globalThis.setTimeout = (work, ms = 0) => {
    const timer = { at: Date.now() + ms, work }
    timers.add(timer)
    arm()
    return timer
  }
  globalThis.clearTimeout = timer => { timers.delete(timer) }
  globalThis.address = 'https://app.example'
  const asked = {}
  const waiting = new Set()
  const exchange = (url, { authorization }, done, fail) => {
    if (!url.startsWith(address)) {
      setTimeout(fail, 1)
      return () => undefined
    }
    if (authorization !== 'Bearer key_of_the_host') throw new Error('no key')
    const upload = /uploads\\/(\\w+)\\/status/.exec(url)[1]
    asked[upload] = (asked[upload] ?? 0) + 1
    if (upload === 'silent') {
      waiting.add(done)
      return () => waiting.delete(done)
    }
    const isEnd = upload === 'plain' ? asked.plain > 1 : (upload === 'heard') === waiting.size > 0
    const end = { status: 'completed', media: { id: 1, type: 'photo' }, credits_used: 1 }
    const body = { ...(isEnd ? end : { status: 'pending' }), prefixed_id: upload }
    const timer = setTimeout(() => done(200, JSON.stringify(body)), 1)
    return () => clearTimeout(timer)
  }
`

/** Runs the app in a context like Hermes, with a network: \`node context.cjs OUT URL\`. */
const context = `
  const { createContext, runInContext } = require('node:vm')
  const { readFileSync } = require('node:fs')
  const { get } = require('node:http')
  const [out, address] = process.argv.slice(2)
  const exchange = (url, headers, done, fail) => {
    const request = get(url, { headers }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', piece => { text += piece })
      response.on('end', () => done(response.statusCode, text))
    })
    request.on('error', fail)
    return () => request.destroy()
  }
  const hermes = { address, clearTimeout, exchange, print: console.log, setTimeout }
  runInContext(readFileSync('native.js', 'utf8'), createContext(hermes))
  runInContext(readFileSync(out, 'utf8'), hermes)
`

/** The output of the app if all works. */
export const printed = `${allWell}\n`

/** The files of a React Native project. */
export const reactNativeFiles = {
  'metro.cjs': metro,
  'app.js': app,
  'native.js': native,
  'scripted.js': scripted,
  'context.cjs': context,
}
