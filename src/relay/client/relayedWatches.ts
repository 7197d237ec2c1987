import { statusUrl, vendorUrl } from '../../api/endpoint'
import * as E from '../../failure/either'
import { after } from '../../runtime/wait'
import type { ShareableWatches } from '../../watch/bulk/sharedWatches'
import type { RelayedSettings } from './clientOptions'
import type { OpenStream } from './openStream'
import { createRelayedWatch, type RelayedWatch } from './relayedWatch'
import { createRelayStream, type AddWatch } from './relayStream'

/** Creates watches through a relay, on as few streams as can carry them. */
export const createRelayedWatches = (
  open$: OpenStream,
  settings: RelayedSettings,
): ShareableWatches<RelayedWatch> => {
  const streams = new Set<AddWatch>()

  const assign = (watch: RelayedWatch): void => {
    for (const add of streams) if (add(watch)) return
    const add = createRelayStream(open$, settings, () => streams.delete(add))
    streams.add(add)
    add(watch)
  }

  return {
    start: ({ account, upload }, observer) => {
      const watch = createRelayedWatch({ account, upload }, observer, settings)
      const legal = statusUrl(vendorUrl, account, upload)
      if (E.isRight(legal)) assign(watch)
      // Emits nothing in this turn.
      else
        watch.resources.add(
          after(0, () => {
            watch.endWith(legal.left)
          }),
        )
      return watch
    },
    stop: ({ leave }) => {
      leave()
    },
    after,
  }
}
