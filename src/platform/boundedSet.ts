/** A set of strings that keeps only the most recently added ones. */
export interface BoundedSet {
  readonly has: (text: string) => boolean
  readonly add: (text: string) => void
  readonly delete: (text: string) => void
}

export const boundedSet = (maxSize: number): BoundedSet => {
  // A set iterates in insertion order, oldest first.
  const texts = new Set<string>()
  return {
    has: text => texts.has(text),
    add: text => {
      texts.delete(text)
      texts.add(text)
      for (const oldest of texts) {
        if (texts.size <= maxSize) break
        texts.delete(oldest)
      }
    },
    delete: text => {
      texts.delete(text)
    },
  }
}

/**
 * Keeps the most recent 1,000 URLs without their queries. The query of a relay is long and differs
 * for each set of uploads.
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
