import { createContext, createElement, type ReactElement, type ReactNode } from 'react'
import type { UploadStatusSource } from '../source'

/** The source of all hooks below a provider. */
export const sourceContext = createContext<UploadStatusSource | undefined>(undefined)

/** The props of {@link UploadStatusProvider}. */
export interface UploadStatusProviderProps {
  /** A client or another source. Create it once, outside components: a new one restarts every watch. */
  readonly source: UploadStatusSource
  readonly children?: ReactNode
}

/**
 * Provides a source of statuses to all hooks below it. Starts no watch by itself.
 *
 * @example
 * const client = createUploadStatusClient({ baseUrl: 'https://my.example', apiKey: null })
 * const app = createElement(UploadStatusProvider, { source: client }, 'whatever shows uploads')
 */
export const UploadStatusProvider = ({
  source,
  children,
}: UploadStatusProviderProps): ReactElement =>
  createElement(sourceContext.Provider, { value: source }, children)
