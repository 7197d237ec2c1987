import { startDemo } from './startDemo'

// npm run demo:web

const { url, close } = await startDemo()

// Under npm one Ctrl-C arrives twice.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void close())

console.log(`Open ${url} (Ctrl-C ends it)`)
