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
keepFocus(root)

const render = (): void => {
  createRoot(root).render(
    <StrictMode>
      <UploadsPage entries={entries} />
    </StrictMode>,
  )
}

// First the rows: a page that fills up while it is read would move under the eyes.
void listUploads().then(entries.add, reportError).finally(render)
