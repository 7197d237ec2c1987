import crossFetch from 'cross-fetch'
import * as peers from './peers'
import { startServer } from './startServer'
import { printRows } from './table'

/** The connections of two polls that are 30 s apart. */
const between = 30_000

const connectionsOf = async (peer: peers.Peer): Promise<number> => {
  const { url, seen } = await startServer()
  await new Promise<void>(resolve => {
    peer({
      baseUrl: url,
      uploads: [`ofapi_media_${String(Date.now() + between / 2)}_1`],
      every: between,
      get: crossFetch,
      read: peers.checked,
      on: (_, status) => {
        if (status === 'completed') resolve()
      },
    })
  })
  return (await seen()).connections
}

const all = {
  uploadStatuses$: peers.ours(),
  'bare loop': peers.loop,
  'timer + switchMap + takeWhile': peers.textbook,
  'defer + repeat': peers.deferRepeat,
  'TanStack query-core': peers.tanStack,
  '@smithy/util-waiter': peers.smithy,
  '@azure/core-lro': peers.azure,
}

const rows = await Promise.all(
  Object.entries(all).map(async ([name, peer]) => [name, String(await connectionsOf(peer))]),
)
printRows('Connections of two polls, 30 s apart', [['', 'connections'], ...rows])
process.exit()
