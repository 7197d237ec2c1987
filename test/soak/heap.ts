import { setTimeout } from 'node:timers/promises'

const collected = async (): Promise<number> => {
  const { gc } = globalThis
  if (gc === undefined) throw new Error('run it with --expose-gc')
  gc()
  // Finalizers run first; the next collection frees what they release.
  await setTimeout(10)
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** The heap in bytes, after all garbage was collected. */
export const heldBytes = async (): Promise<number> => {
  let held = await collected()
  for (;;) {
    const next = await collected()
    if (next >= held) return held
    held = next
  }
}
