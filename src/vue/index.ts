/**
 * Composables for Vue.
 *
 * @module rx-upload-status/vue
 */

export { provideUploadStatusSource, uploadStatusSourceKey } from './provideUploadStatusSource'
export { useUploadStatus } from './useUploadStatus'
export { useUploadStatuses, type UseOptions } from './useUploadStatuses'
