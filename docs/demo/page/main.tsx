import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { UploadStatusProvider } from 'rx-upload-status/react'
import { relayedSource } from 'rx-upload-status/relay/client'
import { UploadsPage } from './uploadsPage'

const source = relayedSource(new URL('statuses', location.href).href)
const root = document.getElementById('root')
if (root === null) throw new Error('the page has no root')

createRoot(root).render(
  <StrictMode>
    <UploadStatusProvider source={source}>
      <UploadsPage />
    </UploadStatusProvider>
  </StrictMode>,
)
