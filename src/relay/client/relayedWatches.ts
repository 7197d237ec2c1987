import { statusUrl, vendorUrl } from '../../api/endpoint'
import * as E from '../../failure/either'
import { expired } from '../../failure/failure'
import { after } from '../../runtime/wait'
import type { ShareableWatches } from '../../watch/bulk/sharedWatches'
import type { RelayedSettings } from './clientOptions'
import { createRelayedWatch, type RelayedWatch } from './relayedWatch'
import { createRelayStream, type RelayStream } from './relayStream'

/** Watches that are told by a relay, all of them on as few streams as can carry them. */
export const createRelayedWatches = (
  url: string,
  settings: RelayedSettings,
): ShareableWatches<RelayedWatch> => {
  const streams: RelayStream[] = []
  const placeOf = new WeakMap<RelayedWatch, RelayStream>()

  const place = (watch: RelayedWatch): void => {
    const stream = streams.find(({ add }) => add(watch))
    if (stream !== undefined) {
      placeOf.set(watch, stream)
      return
    }
    streams.push(createRelayStream(url, settings))
    place(watch)
  }

  return {
    start: ({ account, upload }, observer) => {
      const watch = createRelayedWatch({ account, upload }, observer, settings)
      const legal = statusUrl(vendorUrl, account, upload)
      if (E.isRight(legal)) place(watch)
      const { deadline } = settings
      watch.holds.add(
        E.isLeft(legal)
          ? // Nothing arrives in this turn.
            after(0, () => {
              watch.giveUp(legal.left)
            })
          : after(deadline, () => {
              placeOf.get(watch)?.expire(watch, expired(deadline))
            }),
      )
      return watch
    },
    stop: watch => {
      watch.holds.unsubscribe()
      placeOf.get(watch)?.renew()
    },
    after,
  }
}
