import { createContext, createElement, type ReactElement, type ReactNode } from 'react'
import type { UploadStatusSource } from '../source'

/** The source of all hooks below a provider. */
export const sourceContext = createContext<UploadStatusSource | null>(null)

/** What {@link UploadStatusProvider} is given. */
export interface UploadStatusProviderProps {
  /** A client, or what stands for one. Made once, outside of components: another one restarts all. */
  readonly source: UploadStatusSource
  readonly children?: ReactNode
}

/**
 * Hands a source of statuses to all hooks below it. It starts nothing by itself.
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
