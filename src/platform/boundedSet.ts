/** Remembers the latest `most` texts. */
export interface BoundedSet {
  readonly has: (text: string) => boolean
  readonly add: (text: string) => void
  readonly delete: (text: string) => void
}

export const boundedSet = (most: number): BoundedSet => {
  // A set keeps the order in which its members were added.
  const texts = new Set<string>()
  return {
    has: text => texts.has(text),
    add: text => {
      texts.delete(text)
      texts.add(text)
      for (const oldest of texts) {
        if (texts.size <= most) break
        texts.delete(oldest)
      }
    },
    delete: text => {
      texts.delete(text)
    },
  }
}

/**
 * Remembers the latest 1,000 URLs, without their queries: the query of a relay is long, and names
 * other uploads each time.
 */
export const boundedUrls = (): BoundedSet => {
  const urls = boundedSet(1_000)
  const bare = (url: string): string => url.replace(/\?.*/s, '')
  return {
    has: url => urls.has(bare(url)),
    add: url => {
      urls.add(bare(url))
    },
    delete: url => {
      urls.delete(bare(url))
    },
  }
}
