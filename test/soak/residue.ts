import { getEventListeners } from 'node:events'
import { setTimeout } from 'node:timers/promises'

/** Counts what is alive in this process by name: handles, requests, timers, listeners. */
export type Census = ReadonlyMap<string, number>

export const census = (signal: AbortSignal): Census => {
  const counts = new Map<string, number>()
  const add = (name: string, count: number): void => {
    counts.set(name, (counts.get(name) ?? 0) + count)
  }
  for (const resource of process.getActiveResourcesInfo()) add(resource, 1)
  for (const event of process.eventNames())
    add(`listener of ${String(event)}`, process.listenerCount(event))
  add('listener of the signal', getEventListeners(signal, 'abort').length)
  return counts
}

/** What has become more. */
export const residue = (before: Census, after: Census): readonly string[] =>
  [...after].flatMap(([name, count]) => {
    const more = count - (before.get(name) ?? 0)
    return more > 0 ? [`${String(more)} ${name}`] : []
  })

/** Milliseconds. A client keeps a poll for 250 after its last subscriber; a socket closes sooner. */
const patience = 5_000

/** What is still left after everything had time to end. */
export const lastingResidue = async (
  before: Census,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const since = performance.now()
  for (;;) {
    const left = residue(before, census(signal))
    if (left.length === 0 || performance.now() - since > patience) return left
    await setTimeout(20)
  }
}
