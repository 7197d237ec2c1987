/**
 * Hooks for React.
 *
 * @module rx-upload-status/react
 */

'use client'

export { UploadStatusProvider, type UploadStatusProviderProps } from './uploadStatusProvider'
export { useUploadStatus } from './useUploadStatus'
export { useUploadStatuses, type UseOptions } from './useUploadStatuses'
