import { StrictMode, useEffect } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import {
  createUploadStatusClient,
  requestBudget,
  spaced,
  type UploadStatusSource,
} from 'rx-upload-status'
import { useUploadStatus } from 'rx-upload-status/react'
import { relayedSource } from 'rx-upload-status/relay/client'

type Via = 'client' | 'hasty' | 'often' | 'relay'

declare global {
  interface Window {
    /** Mounts a row for each upload; resolves when all show a status, to how often effects ran. */
    show: (uploads: readonly string[], via: Via) => Promise<number>
    /** Unmounts them all. */
    hide: () => void
    /** How often rows were rendered. */
    renders: () => number
    /** How many polls were answered in the page, for the source `often`. */
    polls: () => number
  }
}

let polls = 0
window.polls = () => polls

const sources: Readonly<Record<Via, UploadStatusSource>> = {
  client: createUploadStatusClient({
    baseUrl: window.location.origin,
    apiKey: null,
    // Once each, while a test runs.
    schedule: spaced(3_600_000),
    budget: requestBudget({ perMinute: 100_000 }),
  }),
  // Gives up after its first attempt.
  hasty: createUploadStatusClient({
    baseUrl: window.location.origin,
    apiKey: null,
    retry: { retries: 0 },
  }),
  often: createUploadStatusClient({
    baseUrl: window.location.origin,
    apiKey: null,
    schedule: spaced(2_000),
    fetch: url => {
      polls += 1
      const prefixed_id = /ofapi_media_\w+/.exec(url)?.[0]
      return Promise.resolve(Response.json({ status: 'processing', prefixed_id }))
    },
    budget: requestBudget({ perMinute: 100_000 }),
  }),
  relay: relayedSource(`${window.location.origin}/statuses`),
}

interface RowProps {
  readonly upload: string
  readonly via: Via
  readonly onEffect: () => void
  readonly onStatus: () => void
}

let renders = 0
window.renders = () => renders

const Row = ({ upload, via, onEffect, onStatus }: RowProps) => {
  const { phase } = useUploadStatus('acct_sandbox', upload, { source: sources[via] })
  renders += 1
  useEffect(onEffect, [onEffect])
  useEffect(() => {
    if (phase !== 'waiting') onStatus()
  }, [phase, onStatus])
  return (
    <p>
      {upload}: {phase}
    </p>
  )
}

const root = createRoot(document.getElementById('root') ?? document.body)

window.show = (uploads, via) =>
  new Promise(resolve => {
    let effects = 0
    const shown = new Set<number>()
    const onEffect = (): void => {
      effects += 1
    }
    const rows = uploads.map((upload, i) => {
      const onStatus = (): void => {
        shown.add(i)
        if (shown.size === uploads.length) resolve(effects)
      }
      return <Row key={i} {...{ upload, via, onEffect, onStatus }} />
    })
    flushSync(() => {
      root.render(<StrictMode>{rows}</StrictMode>)
    })
  })

window.hide = () => {
  flushSync(() => {
    root.render(null)
  })
}
