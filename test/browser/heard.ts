import { EventEmitter, once } from 'node:events'

/** A list of received items that a test can wait for. */
export interface Heard<A> {
  readonly all: readonly A[]
  readonly add: (item: A) => void
  /** Waits until the list has this many matching items; jest's timeout is the limit. */
  readonly until: (count: number, isSuch: (item: A) => boolean) => Promise<void>
  readonly count: (isSuch: (item: A) => boolean) => number
}

export const heard = <A>(): Heard<A> => {
  const all: A[] = []
  const changes = new EventEmitter()
  const count = (isSuch: (item: A) => boolean): number => all.filter(isSuch).length
  return {
    all,
    count,
    add: item => {
      all.push(item)
      changes.emit('change')
    },
    until: async (least, isSuch) => {
      while (count(isSuch) < least) await once(changes, 'change')
    },
  }
}
