import { escapeText } from '../svg'
import { dark, light } from './draw'

/** Parts in columns, and arrows from each column to the next one. */
export interface Diagram {
  /** The name of its file in `docs/marbles`. */
  readonly name: string
  readonly title: string
  readonly columns: readonly (readonly string[])[]
}

/** Every diagram of the documentation. */
export const diagrams: readonly Diagram[] = [
  {
    name: 'budget-parts',
    title:
      'A budget admits requests from one queue, at most inFlight at a time and perMinute a minute',
    columns: [['watch a', 'watch b', 'watch c'], ['queue'], ['budget'], ['request', 'request']],
  },
  {
    name: 'event-parts',
    title: 'Values go to the subscribers, and events to the option on',
    columns: [['watch'], ['values', 'events'], ['subscribers', 'on']],
  },
  {
    name: 'source-parts',
    title: 'A view reads from a source, whatever is behind it, and a framework shows the view',
    columns: [
      ['client', 'relay', 'script in a test'],
      ['source'],
      ['view'],
      ['React', 'Vue', 'Angular', 'Svelte'],
    ],
  },
]

const width = 720
const boxWidth = 118
const boxHeight = 32
const step = 44
const margin = 16

/** Connects columns of equal length in pairs, and others all with all. */
const isConnected = (from: readonly string[], to: readonly string[], i: number, j: number) =>
  from.length !== to.length || i === j

/** Draws a diagram as an SVG, in the colours of the marbles. */
export const drawDiagram = ({ title, columns }: Diagram): string => {
  const rows = Math.max(...columns.map(({ length }) => length))
  const height = rows * step + 2 * margin
  const gap = (width - 2 * margin - columns.length * boxWidth) / (columns.length - 1)
  const xOf = (column: number): number => Math.round(margin + column * (boxWidth + gap))
  const yOf = (column: readonly string[], row: number): number =>
    height / 2 + (row - (column.length - 1) / 2) * step

  const boxes = columns.flatMap((column, nth) =>
    column.map((text, row) => {
      const [x, y] = [xOf(nth), yOf(column, row)]
      return (
        `<rect class="box" x="${String(x)}" y="${String(y - boxHeight / 2)}" width="${String(boxWidth)}" height="${String(boxHeight)}" rx="6"/>` +
        `<text x="${String(x + boxWidth / 2)}" y="${String(y + 5)}">${escapeText(text)}</text>`
      )
    }),
  )
  const arrows = columns.slice(1).flatMap((to, nth) => {
    const from = columns[nth] ?? []
    const [start, end] = [xOf(nth) + boxWidth, xOf(nth + 1) - 1]
    const bend = Math.round((start + end) / 2)
    return from.flatMap((_, i) =>
      to
        .map((__, j) => j)
        .filter(j => isConnected(from, to, i, j))
        .map(j => {
          const head = `M${String(end - 7)} ${String(yOf(to, j) - 4)}l7 4l-7 4`
          return `<path class="line" d="M${String(start)} ${String(yOf(from, i))}H${String(bend)}V${String(yOf(to, j))}H${String(end)}${head}"/>`
        }),
    )
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title" width="${String(width)}" height="${String(height)}" viewBox="0 0 ${String(width)} ${String(height)}">
<title id="title">${escapeText(title)}</title>
<style>
${light}
@media(prefers-color-scheme:dark){${dark}}
svg{fill:var(--ink);font:13px system-ui,-apple-system,'Segoe UI',sans-serif}
.paper{fill:var(--paper)}.box{fill:var(--box);stroke:var(--edge)}.line{fill:none;stroke:var(--ink);stroke-width:1.5}
text{text-anchor:middle}
</style>
<rect class="paper" width="100%" height="100%" rx="8"/>
${[...boxes, ...arrows].join('\n')}
</svg>
`
}
