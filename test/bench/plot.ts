/** One panel: how late each policy is. */
export interface Scene {
  readonly scene: string
  readonly policies: ReadonlyArray<{
    readonly policy: string
    /** Milliseconds. */
    readonly mean: number
    /** Only the mean is drawn without it. */
    readonly p95?: number
  }>
}

const labels = 270
const bars = 420
const width = labels + bars + 150
const line = 24
const panelHeight = ({ policies }: Scene): number => (policies.length + 1) * line + 26

const greatest = ({ policies }: Scene): number =>
  Math.max(...policies.flatMap(({ mean, p95 = 0 }) => [mean, p95]))

// The colours follow the reader's theme, light or dark.
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

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`

const bar = (
  { policy, mean, p95 }: Scene['policies'][number],
  y: number,
  perMs: number,
): readonly string[] => {
  const x = (ms: number, beside = 0): string => (labels + ms * perMs + beside).toFixed(1)
  const middle = y + line / 2
  const text = seconds(mean) + (p95 === undefined ? '' : `, p95 ${seconds(p95)}`)
  return [
    `<text x="${String(labels - 8)}" y="${String(middle + 4)}" text-anchor="end">${policy}</text>`,
    `<rect class="mean" x="${String(labels)}" y="${String(y + 4)}" width="${(mean * perMs).toFixed(1)}" height="${String(line - 8)}" rx="2"/>`,
    ...(p95 === undefined
      ? []
      : [`<path class="to95" d="M${x(mean)} ${String(middle)}H${x(p95)}m0 -6v12"/>`]),
    `<text x="${x(p95 ?? mean, 8)}" y="${String(middle + 4)}">${text}</text>`,
  ]
}

/** Bars for the means, with a line to the 95th percentile. Each panel has its own scale. */
export const plot = (title: string, scenes: readonly Scene[]): string => {
  const tops = scenes.map((_, nth) =>
    scenes.slice(0, nth).reduce((top, before) => top + panelHeight(before), 40),
  )
  const height = scenes.reduce((sum, scene) => sum + panelHeight(scene), 40)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" role="img" aria-label="${title}">`,
    `<style>${style}\n</style>`,
    `<text class="title" x="0" y="18">${title}: mean, and to the 95th percentile</text>`,
    ...scenes.flatMap((scene, nth) => {
      const top = tops[nth] ?? 0
      const perMs = bars / greatest(scene)
      return [
        `<text class="title" x="${String(labels)}" y="${String(top + 14)}">${scene.scene}</text>`,
        ...scene.policies.flatMap((policy, row) => bar(policy, top + line * (row + 1), perMs)),
      ]
    }),
    '</svg>\n',
  ].join('\n')
}
