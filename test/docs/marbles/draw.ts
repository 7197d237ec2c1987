import { noop } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { escapeText } from '../svg'
import { signs, type Picture, type Row, type Sign } from './picture'

const width = 720
const left = 120
const right = width - 48
const rowHeight = 56
const codeHeight = 40
const spanHeight = 28

/** Something at a time, in ms. */
interface Drawn {
  readonly at: number
  readonly what: Sign | 'complete' | 'error'
}

const isLetter = (letter: string): letter is keyof typeof signs => letter in signs

const eventsOf = (marbles: string, start: number): readonly Drawn[] =>
  TestScheduler.parseMarbles(marbles, undefined, undefined, false, true).flatMap(
    ({ frame, notification }): readonly Drawn[] => {
      const at = frame + start
      if (notification.kind === 'C') return [{ at, what: 'complete' }]
      if (notification.kind === 'E') return [{ at, what: 'error' }]
      const letter = String(notification.value)
      return isLetter(letter) ? [{ at, what: signs[letter] }] : []
    },
  )

const spanOf = (subscription: string | undefined): { from: number; to: number } => {
  if (subscription === undefined) return { from: 0, to: Infinity }
  const log = TestScheduler.parseMarblesAsSubscriptions(subscription, true)
  return { from: log.subscribedFrame, to: log.unsubscribedFrame }
}

const line = (row: Row, start: number) => {
  const { from, to } = spanOf(row.subscription)
  return { label: row.label, from, to, events: eventsOf(row.marbles, start) }
}

/** A cold source starts with its subscription, and everything else at 0. */
const linesOf = ({ inputs, outputs }: Picture) => ({
  above: inputs.map(row => line(row, row.kind === 'cold' ? spanOf(row.subscription).from : 0)),
  below: outputs.map(row => line(row, 0)),
})

type Line = ReturnType<typeof line>

const round = (value: number): string => String(Math.round(value * 10) / 10)

const drawEvent = (x: number, { what }: Drawn): string => {
  const at = round(x)
  if (what === 'complete') return `<path class="line" d="M${at} -15V15"/>`
  if (what === 'error')
    return `<path class="error" d="M${round(x - 8)} -8L${round(x + 8)} 8M${round(x - 8)} 8L${round(x + 8)} -8"/>`
  return `<circle class="${what.tone}" cx="${at}" r="9"/><text class="name" x="${at}" y="-19">${what.text}</text>`
}

/** A dashed line without a subscriber; values that a source would emit there are faint. */
const drawLine = (
  { label, from, to, events }: Line,
  y: number,
  xOf: (ms: number) => number,
): string => {
  const end = Math.min(to, events.find(({ what }) => typeof what === 'string')?.at ?? Infinity)
  const until = end === Infinity ? right + 12 : xOf(end)
  const isSeen = ({ at }: Drawn): boolean => at >= from && at <= to
  const order = [...events].sort(
    (one, other) => Number(typeof other.what === 'string') - Number(typeof one.what === 'string'),
  )
  const rest = events.some(event => !isSeen(event))
    ? `<path class="faint dashed" d="M${round(until)} 0H${String(right)}"/>`
    : ''
  const marks = order.map(event => {
    const drawn = drawEvent(xOf(event.at), event)
    return isSeen(event) ? drawn : `<g class="faint">${drawn}</g>`
  })
  return (
    `<g transform="translate(0 ${String(y)})"><text class="label" x="${String(left - 20)}" y="5">${escapeText(label)}</text>` +
    `${rest}<path class="line" d="M${round(xOf(from))} 0H${round(until)}"/>${marks.join('')}</g>`
  )
}

const drawAxis = (end: number, y: number, xOf: (ms: number) => number): string => {
  const seconds = Array.from({ length: Math.floor(end / 1_000) + 1 }, (_, second) => second)
  const ticks = seconds.map(second => {
    const x = round(xOf(second * 1_000))
    return `<path class="axis" d="M${x} 0v5"/><text class="tick" x="${x}" y="18">${String(second)} s</text>`
  })
  return `<g transform="translate(0 ${String(y)})"><path class="axis" d="M${String(left)} 0H${String(right)}"/>${ticks.join('')}</g>`
}

const drawSpan = (from: number, to: number, name: string): string => {
  const middle = round((from + to) / 2)
  return (
    `<path class="line" d="M${round(from + 2)} -6V0H${round(to - 2)}V-6"/>` +
    `<text class="name" x="${middle}" y="16">${escapeText(name)}</text>`
  )
}

export const light =
  'svg{--ink:#1f2328;--quiet:#59636e;--paper:#fff;--box:#f6f8fa;--edge:#d1d9e0;--status:#54aeff;--end:#4ac26b;--failure:#ff8182;--switch:#d4a72c}'
export const dark =
  'svg{--ink:#e6edf3;--quiet:#9198a1;--paper:#0d1117;--box:#151b23;--edge:#3d444d;--status:#388bfd;--end:#3fb950;--failure:#f85149;--switch:#bb8009}'
const tones = ['status', 'end', 'failure', 'switch'] satisfies readonly Sign['tone'][]

const svgOf = (picture: Picture): string => {
  const { above, below } = linesOf(picture)
  const end = Math.max(...[...above, ...below].flatMap(({ events }) => events.map(({ at }) => at)))
  const xOf = (ms: number): number => left + (ms / end) * (right - left)
  const codeY = above.length * rowHeight + 8
  const belowY = codeY + codeHeight + 4
  const spans = picture.spans ?? []
  const spansY = belowY + below.length * rowHeight
  const axisY = spansY + (spans.length > 0 ? spanHeight : 0) + 8
  const height = String(axisY + 28)
  const rows = [
    ...above.map((row, nth) => drawLine(row, nth * rowHeight + 36, xOf)),
    `<rect class="box" x="${String(left - 12)}" y="${String(codeY + 4)}" width="${String(right - left + 24)}" height="28" rx="6"/>`,
    `<text class="code" x="${String((left + right) / 2)}" y="${String(codeY + 23)}">${escapeText(picture.code)}</text>`,
    ...below.map((row, nth) => drawLine(row, belowY + nth * rowHeight + 36, xOf)),
    ...spans.map(
      ([name, from, to]) =>
        `<g transform="translate(0 ${String(spansY + 6)})">${drawSpan(xOf(from), xOf(to), name)}</g>`,
    ),
    drawAxis(end, axisY, xOf),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title" width="${String(width)}" height="${height}" viewBox="0 0 ${String(width)} ${height}">
<title id="title">${escapeText(picture.title)}</title>
<style>
${light}
@media(prefers-color-scheme:dark){${dark}}
svg{fill:var(--ink);font:13px system-ui,-apple-system,'Segoe UI',sans-serif}
.paper{fill:var(--paper)}.box{fill:var(--box);stroke:var(--edge)}
.line{fill:none;stroke:var(--ink);stroke-width:1.5}.dashed{fill:none;stroke:var(--ink);stroke-dasharray:3 4}.faint{opacity:.45}
.error{fill:none;stroke:var(--failure);stroke-width:3}.axis{fill:none;stroke:var(--edge)}
.label{text-anchor:end}.name,.tick,.code{text-anchor:middle}.name{font-size:12px}.tick{font-size:11px;fill:var(--quiet)}
.code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
circle{stroke:var(--ink);stroke-width:1.5}${tones.map(tone => `.${tone}{fill:var(--${tone})}`).join('')}
</style>
<rect class="paper" width="100%" height="100%" rx="8"/>
${rows.join('\n')}
</svg>
`
}

/** Draws a picture as an SVG: inputs, the code, outputs, and seconds below. */
export const draw = (picture: Picture): string =>
  // Only within `run` does a letter take 1 ms.
  new TestScheduler(noop).run(() => svgOf(picture))
