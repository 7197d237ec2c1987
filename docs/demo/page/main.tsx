import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { relayedSource } from 'rx-upload-status/relay/client'
import { createEntries } from './entries'
import { keepFocus } from './keepFocus'
import { listUploads } from './listUploads'
import { UploadsPage } from './uploadsPage'

const root = document.getElementById('root')
if (root === null) throw new Error('the page has no root')

const entries = createEntries(relayedSource(new URL('statuses', location.href).href))
listUploads().then(entries.add, reportError)
keepFocus(root)

createRoot(root).render(
  <StrictMode>
    <UploadsPage entries={entries} />
  </StrictMode>,
)
