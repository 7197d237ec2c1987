/** The vendor waits 10 s for an answer. */
const answerTimeout = 10_000

/**
 * Sends a POST on a separate connection. Resolves with the HTTP status of the answer, or null if
 * there is none within 10 s. A redirect is not followed.
 */
export const post = async (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  stopped: AbortSignal,
): Promise<number | null> => {
  const controller = new AbortController()
  const stop = (): void => {
    controller.abort()
  }
  const timer = setTimeout(stop, answerTimeout)
  stopped.addEventListener('abort', stop)
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, connection: 'close' },
      body,
      redirect: 'manual',
      signal: controller.signal,
    })
    await response.body?.cancel()
    return response.status
  } catch {
    return null
  } finally {
    clearTimeout(timer)
    stopped.removeEventListener('abort', stop)
  }
}
