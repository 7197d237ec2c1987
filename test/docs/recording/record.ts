import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { drawFilm } from './drawFilm'
import { framesOf, type Chunk } from './film'

/**
 * Records the demo: runs the built program under a pseudo-terminal (`script` of util-linux), and draws
 * its board. `npm run recording`.
 */
const [columns, rows] = [86, 24]
const command = `stty cols ${String(columns)} rows ${String(rows)}; node dist/cli/main.js demo`
const prompt = { at: 0, text: '$ npx rx-upload-status demo\r\n' }

const start = performance.now()
const terminal = spawn('script', ['--quiet', '--flush', '--command', command, '/dev/null'], {
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { PATH: process.env['PATH'], TERM: 'xterm' },
})
const chunks: Chunk[] = [prompt]
terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
  chunks.push({ at: performance.now() - start, text })
})
const [code] = (await once(terminal, 'close')) as [number]
if (code !== 0) throw new Error(`the demo ended with ${String(code)}`)

/** The explanation after the board is longer than the board itself. */
const after = chunks.findIndex(({ text }) => text.includes('\r\nWhat happened:'))
const last = chunks[after]
const board =
  last === undefined ? [] : [{ ...last, text: last.text.split('\r\nWhat happened:')[0] ?? '' }]
const film = framesOf([...chunks.slice(0, after), ...board])
const title =
  'The board of the demo: six uploads are polled until five are completed and one failed.'
writeFileSync('docs/board.svg', drawFilm(film, columns, title))
