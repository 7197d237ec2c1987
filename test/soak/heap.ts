import { setImmediate } from 'node:timers/promises'

/** Bytes that are held once all that can be collected is; needs `--expose-gc`. */
export const heldBytes = async (): Promise<number> => {
  const { gc } = globalThis
  if (gc === undefined) throw new Error('run it with --expose-gc')
  // What a finalizer lets go of is collected the next time.
  for (let pass = 0; pass < 3; pass += 1) {
    gc()
    await setImmediate()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
