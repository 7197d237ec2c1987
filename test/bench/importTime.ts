import { spawnSync } from 'node:child_process'
import type { Figures } from './rounds'
import { median } from './statistics'

const runs = 7

/** The CPU time of a new process that imports modules one after the other. */
export const importTime = (modules: readonly string[]) => (): Promise<Figures> => {
  const program = `
    const start = process.cpuUsage()
    ${modules.map(name => `await import(${JSON.stringify(name)})`).join('\n')}
    const { user, system } = process.cpuUsage(start)
    console.log((user + system) / 1_000)`
  const times = Array.from({ length: runs }, () =>
    Number(spawnSync(process.execPath, ['--input-type=module', '-e', program]).stdout),
  )
  return Promise.resolve({ 'CPU, ms': median(times) })
}
