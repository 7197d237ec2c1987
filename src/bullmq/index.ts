/**
 * A queue of watches in Redis, for more than one machine.
 *
 * @module rx-upload-status/bullmq
 */

export { createUploadStatusQueue } from './createUploadStatusQueue'
export type { UploadStatusQueue, UploadStatusQueueOptions } from './createUploadStatusQueue'
export { createUploadStatusWorker, type UploadStatusWorker } from './createUploadStatusWorker'
export type { SettledUpload, UploadStatusWorkerOptions, JobOptions } from './workerOptions'
export { redisDedupStore, type DedupCommands, type RedisDedupOptions } from './redisDedupStore'
export type { Added } from './addUploads'
export type { QueuePlace } from './queues'
export { describeQueueFailure } from './queueFailure'
export type {
  QueueFailure,
  QueueIncompatible,
  QueueRefused,
  QueueUnavailable,
} from './queueFailure'
