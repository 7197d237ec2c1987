import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { selfSigned } from '../platform/selfSigned'

/** The measured figures of one case, by name. */
export type Figures = Readonly<Record<string, number>>

/** The figures of each case, one entry per round. */
export type Rounds = ReadonlyMap<string, readonly Figures[]>

const isFigures = (value: unknown): value is Figures =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every(figure => typeof figure === 'number')

const inChild = async (name: string): Promise<Figures> => {
  const [, program = ''] = process.argv
  const child = spawn(process.execPath, [...process.execArgv, program, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_EXTRA_CA_CERTS: `${program}.pem` },
  })
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')])
  const figures: unknown = JSON.parse(output)
  if (!isFigures(figures)) throw new Error(`${name} was not measured: ${output}`)
  return figures
}

/**
 * Measures each case in its own processes, which trust a server on this machine. The cases take turns, so
 * that other work on the machine affects all of them.
 *
 * The program of the benchmark runs in the children too: there this call measures the one case that
 * the child was started for, and does not return.
 */
export const inTurns = async (
  rounds: number,
  cases: Readonly<Record<string, () => Promise<Figures>>>,
): Promise<Rounds> => {
  const measure = cases[process.argv[2] ?? '']
  if (measure !== undefined) {
    process.stdout.write(JSON.stringify(await measure()))
    process.exit()
  }
  const { key, cert } = selfSigned('localhost')
  writeFileSync(`${process.argv[1] ?? ''}.pem`, key + cert)
  const figures = new Map<string, Figures[]>(Object.keys(cases).map(name => [name, []]))
  for (let round = 1; round <= rounds; round += 1)
    for (const [name, all] of figures) {
      if (process.stderr.isTTY)
        process.stderr.write(`round ${String(round)} of ${String(rounds)}: ${name}\u001b[K\r`)
      all.push(await inChild(name))
    }
  process.stderr.write('\u001b[K')
  return figures
}
