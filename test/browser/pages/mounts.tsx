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

type Via = 'client' | 'hasty' | 'relay'

declare global {
  interface Window {
    /** Mounts a row for each upload; resolves when all show a status, to how often effects ran. */
    show: (uploads: readonly string[], via: Via) => Promise<number>
    /** Unmounts them all. */
    hide: () => void
  }
}

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
  relay: relayedSource(`${window.location.origin}/statuses`),
}

interface RowProps {
  readonly upload: string
  readonly via: Via
  readonly onEffect: () => void
  readonly onStatus: () => void
}

const Row = ({ upload, via, onEffect, onStatus }: RowProps) => {
  const { phase } = useUploadStatus('acct_sandbox', upload, { source: sources[via] })
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
