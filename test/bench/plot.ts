/** One panel: how late a policy is. */
interface Scene {
  readonly scene: string
  readonly policies: ReadonlyArray<{
    readonly policy: string
    /** Milliseconds. */
    readonly mean: number
    readonly p95: number
  }>
}

const labels = 210
const bars = 420
const width = labels + bars + 150
const line = 24
const panel = 5 * line + 26

// Its own colours on its own ground would do for one theme; these follow the reader's.
const style = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600 }
  .mean { fill: #0969da }
  .to95 { stroke: #57606a; stroke-width: 1.5 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .mean { fill: #4493f8 }
    .to95 { stroke: #9198a1 }
  }`

const bar = (
  { policy, mean, p95 }: Scene['policies'][number],
  y: number,
  perMs: number,
): readonly string[] => {
  const [from, to] = [labels + mean * perMs, labels + p95 * perMs].map(x => x.toFixed(1))
  const text = `${(mean / 1_000).toFixed(1)} s, p95 ${(p95 / 1_000).toFixed(1)} s`
  const middle = y + line / 2
  return [
    `<text x="${String(labels - 8)}" y="${String(middle + 4)}" text-anchor="end">${policy}</text>`,
    `<rect class="mean" x="${String(labels)}" y="${String(y + 4)}" width="${(mean * perMs).toFixed(1)}" height="${String(line - 8)}" rx="2"/>`,
    `<path class="to95" d="M${from ?? ''} ${String(middle)}H${to ?? ''}m0 -6v12"/>`,
    `<text x="${(labels + p95 * perMs + 8).toFixed(1)}" y="${String(middle + 4)}">${text}</text>`,
  ]
}

/** Bars for the means, with a line to the 95th percentile; each panel has a scale of its own. */
export const plot = (scenes: readonly Scene[]): string => {
  const height = scenes.length * panel + 40
  const title = 'Seconds until the end of an upload is noticed, at 60 requests a minute'
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" role="img" aria-label="${title}">`,
    `<style>${style}\n</style>`,
    `<text class="title" x="0" y="18">${title}: mean, and to the 95th percentile</text>`,
    ...scenes.flatMap(({ scene, policies }, nth) => {
      const top = 40 + nth * panel
      const perMs = bars / Math.max(...policies.map(({ p95 }) => p95))
      return [
        `<text class="title" x="${String(labels)}" y="${String(top + 14)}">${scene}</text>`,
        ...policies.flatMap((policy, row) => bar(policy, top + line * (row + 1), perMs)),
      ]
    }),
    '</svg>\n',
  ].join('\n')
}
