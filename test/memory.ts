import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const heldNow = (): number => {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc()')
  return process.memoryUsage().heapUsed
}

/** Bytes that values hold on the heap, once all that can be collected is. */
export const heldBy = (values: () => readonly unknown[]): number => {
  const before = heldNow()
  const kept = values()
  const held = heldNow() - before
  // Used once more, so that they live until here.
  return kept.length > 0 ? held : NaN
}
