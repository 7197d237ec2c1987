import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const heldNow = (): number => {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc()')
  return process.memoryUsage().heapUsed
}

/** Bytes that values hold on the heap, after all garbage was collected. */
export const heldBy = (values: () => readonly unknown[]): number => {
  const before = heldNow()
  const kept = values()
  const held = heldNow() - before
  // Used here, so that the values stay alive until here.
  return kept.length > 0 ? held : NaN
}
