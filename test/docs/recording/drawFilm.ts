import { escapeText } from '../svg'
import type { Frame } from './film'
import type { Run } from './screen'

const character = { width: 8.4, height: 20 }
const baseline = 15
const margin = 16
/** How long the last frame stays, in ms. */
const lastFrame = 5_000

const round = (value: number): string => String(Math.round(value * 100) / 100)

/** `textLength` keeps the columns with a font of any width. */
const drawRun = ({ column, text, style }: Run): string => {
  const place = column === 0 ? '' : ` x="${round(column * character.width)}"`
  const look = style === '' ? '' : ` class="${style}"`
  return `<tspan${place}${look} textLength="${round(text.length * character.width)}">${escapeText(text)}</tspan>`
}

const light = { ink: '#1f2328', paper: '#f6f8fa', edge: '#d1d9e0', dim: '#59636e' }
const dark = { ink: '#e6edf3', paper: '#0d1117', edge: '#3d444d', dim: '#9198a1' }
const colours = (theme: Readonly<Record<string, string>>): string =>
  Object.entries(theme)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';')
const lightSigns = { red: '#cf222e', green: '#116329', yellow: '#7d4e00', cyan: '#0550ae' }
const darkSigns = { red: '#ff7b72', green: '#3fb950', yellow: '#d29922', cyan: '#39c5cf' }

/**
 * Draws frames as one SVG. They lie side by side on a film, which a CSS animation moves frame by
 * frame. Readers that do not animate, or prefer reduced motion, show the last frame.
 */
export const drawFilm = (frames: readonly Frame[], columns: number, title: string): string => {
  const height = Math.max(...frames.map(({ lines }) => lines.length)) * character.height
  const width = Math.ceil(columns * character.width)
  const start = frames[0]?.at ?? 0
  const end = (frames.at(-1)?.at ?? 0) - start + lastFrame
  const shift = (nth: number): string => `transform:translateX(${String(-nth * width)}px)`
  const steps = frames.map(
    ({ at }, nth) => `${nth === 0 ? '0' : round(((at - start) / end) * 100)}%{${shift(nth)}}`,
  )
  const texts = new Map<string, string>()
  const drawn = frames.map(({ lines }, nth) => {
    const rows = lines.map((runs, row) => {
      if (runs.length === 0) return ''
      const text = runs.map(drawRun).join('')
      const id = texts.get(text) ?? `t${texts.size.toString(36)}`
      texts.set(text, id)
      return `<use href="#${id}" y="${String(row * character.height + baseline)}"/>`
    })
    return `<g transform="translate(${String(nth * width)})">${rows.join('')}</g>`
  })
  const outer = (length: number, less = 0): string => String(length + 2 * margin - less)
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title" width="${outer(width)}" height="${outer(height)}" viewBox="0 0 ${outer(width)} ${outer(height)}">
<title id="title">${escapeText(title)}</title>
<style>
svg{${colours({ ...light, ...lightSigns })};fill:var(--ink);font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace}
text{white-space:pre}
@media(prefers-color-scheme:dark){svg{${colours({ ...dark, ...darkSigns })}}}
${['dim', ...Object.keys(lightSigns)].map(name => `.${name}{fill:var(--${name})}`).join('')}
.paper{fill:var(--paper);stroke:var(--edge)}
.film{${shift(frames.length - 1)};animation:film ${round(end / 1_000)}s step-end infinite}
@media(prefers-reduced-motion:reduce){.film{animation:none}}
@keyframes film{${steps.join('')}}
</style>
<defs>
${Array.from(texts, ([text, id]) => `<text id="${id}">${text}</text>`).join('\n')}
</defs>
<rect class="paper" x=".5" y=".5" width="${outer(width, 1)}" height="${outer(height, 1)}" rx="8"/>
<svg x="${String(margin)}" y="${String(margin)}" width="${String(width)}" height="${String(height)}"><g class="film">
${drawn.join('\n')}
</g></svg>
</svg>
`
}
