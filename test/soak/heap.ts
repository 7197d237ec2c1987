import { setTimeout } from 'node:timers/promises'

const collected = async (): Promise<number> => {
  const { gc } = globalThis
  if (gc === undefined) throw new Error('run it with --expose-gc')
  gc()
  // Finalizers have their turn; what they let go of is collected the next time.
  await setTimeout(10)
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Bytes that are held once all that can be collected is. */
export const heldBytes = async (): Promise<number> => {
  let held = await collected()
  for (;;) {
    const next = await collected()
    if (next >= held) return held
    held = next
  }
}
