export { provideUploadStatusSource, uploadStatusSourceKey } from './uploadStatusSource'
export { useUploadStatus } from './useUploadStatus'
export { useUploadStatuses, type UseOptions } from './useUploadStatuses'
