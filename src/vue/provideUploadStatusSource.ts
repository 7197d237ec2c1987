import { inject, provide, type InjectionKey } from 'vue'
import type { UploadStatusSource } from '../source'

/** For `app.provide(uploadStatusSourceKey, source)`, which serves a whole app. */
export const uploadStatusSourceKey: InjectionKey<UploadStatusSource> = Symbol('rx-upload-status')

/**
 * Hands a source of statuses to the composables of all components below. It starts nothing by itself.
 *
 * @param source a client, for instance; made once, outside of components
 *
 * @example
 * const App = {
 *   setup() {
 *     provideUploadStatusSource(createUploadStatusClient({ baseUrl: 'https://my.example', apiKey: null }))
 *   },
 * }
 */
export const provideUploadStatusSource = (source: UploadStatusSource): void => {
  provide(uploadStatusSourceKey, source)
}

/** The source that was handed in, or provided. */
export const sourceOf = (given: UploadStatusSource | undefined): UploadStatusSource => {
  const source = given ?? inject(uploadStatusSourceKey, null)
  if (source === null) throw new Error('no source was provided, and there is no option source')
  return source
}
