import type { CutFault, ResetFault, SilentFault, TrickleFault, WireFault } from '../scenario/faults'
import type { HttpResponse } from './response'

/** How a response is put on its connection: complete, or with a fault. */
export type Delivery =
  | { readonly kind: 'complete'; readonly response: HttpResponse }
  | (Omit<CutFault, 'of'> & { readonly response: HttpResponse })
  | (Omit<TrickleFault, 'of'> & { readonly response: HttpResponse })
  | ResetFault
  | SilentFault
  | WireFault

/** What the sandbox has decided to do in answer to one request. */
export interface PlannedResponse {
  readonly delivery: Delivery
  /**
   * `api` adds the headers of the quota and the credits, and an id of the request; `edge` adds only
   * the id, as the edge network in front of the API does; `script` adds nothing.
   */
  readonly sender: 'api' | 'edge' | 'script'
  /** Milliseconds to wait before the delivery. */
  readonly delay: number
  /** The upload that the request is about; null if there is none. */
  readonly upload: string | null
  /** The credits that the request cost. */
  readonly creditsUsed: number
}

/** Plans a complete response of the API, without a delay. */
export const respondWith = (
  response: HttpResponse,
  { upload = null, creditsUsed = 0 }: { upload?: string | null; creditsUsed?: number } = {},
): PlannedResponse => ({
  delivery: { kind: 'complete', response },
  sender: 'api',
  delay: 0,
  upload,
  creditsUsed,
})

/** Plans a page of the edge network, without a delay. */
export const respondWithPage = (page: HttpResponse): PlannedResponse => ({
  ...respondWith(page),
  sender: 'edge',
})

/** Adds headers to a planned response. A header that the response already has is kept. */
export const withHeaders = (
  planned: PlannedResponse,
  headers: Readonly<Record<string, string>>,
): PlannedResponse => {
  const { delivery } = planned
  if (!('response' in delivery)) return planned
  const { response } = delivery
  return {
    ...planned,
    delivery: {
      ...delivery,
      response: { ...response, headers: { ...headers, ...response.headers } },
    },
  }
}

/** Returns the HTTP status of a delivery; null if it sends none, or raw bytes. */
export const statusOf = (delivery: Delivery): number | null =>
  'response' in delivery ? delivery.response.status : null
