import { inject, provide, type InjectionKey } from 'vue'
import type { UploadStatusSource } from '../source'
import { checkedSource } from '../view/checkedSource'

/** The key to provide a source to a whole app: `app.provide(uploadStatusSourceKey, source)`. */
export const uploadStatusSourceKey: InjectionKey<UploadStatusSource> = Symbol('rx-upload-status')

/**
 * Provides a source of statuses to the composables of all components below. Starts no watch by itself.
 *
 * @param source for example a client; create it once, outside components
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

/** Returns the source from the option, or else the provided one. */
export const sourceOf = (given: UploadStatusSource | undefined): UploadStatusSource =>
  checkedSource(
    given ?? inject(uploadStatusSourceKey, undefined),
    ': call provideUploadStatusSource in a parent, or pass the option source',
  )
