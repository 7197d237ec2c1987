export { provideUploadStatusSource, uploadStatusSourceKey } from './provideUploadStatusSource'
export { useUploadStatus } from './useUploadStatus'
export { useUploadStatuses, type UseOptions } from './useUploadStatuses'
