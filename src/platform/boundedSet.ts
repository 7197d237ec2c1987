/** A set of strings that drops the oldest ones. */
export interface BoundedSet {
  readonly has: (text: string) => boolean
  readonly add: (text: string) => void
  readonly delete: (text: string) => void
}

/** Keeps at most `maxSize` strings. One that is added again keeps its place, because that is faster. */
export const boundedSet = (maxSize: number): BoundedSet => {
  // A set iterates in insertion order, oldest first.
  const texts = new Set<string>()
  return {
    has: text => texts.has(text),
    add: text => {
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
 * Keeps the latest 1,000 URLs without their queries. The query of a relay is long and differs
 * for each set of uploads.
 */
export const boundedUrls = (): BoundedSet => {
  const urls = boundedSet(1_000)
  const bare = (url: string): string => {
    const query = url.indexOf('?')
    return query < 0 ? url : url.slice(0, query)
  }
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
