import { useCallback, useEffect, useRef, useState } from 'react'
import type { Entry } from './entry'
import { newsOf } from './words'

/** What the page says: screen readers read it, and a note can be seen too. */
export interface News {
  readonly text: string
  readonly isNote: boolean
}

/** Milliseconds that a note can be seen. */
const shownFor = 4_000

/** The ends of uploads as they come, and notes on what the user did. */
export const useNews = (all: readonly Entry[]): readonly [News, (note: string) => void] => {
  const [news, setNews] = useState<News>({ text: '', isNote: false })
  const before = useRef(all)
  useEffect(() => {
    const text = newsOf(before.current, all)
    before.current = all
    if (text !== null) setNews({ text, isNote: false })
  }, [all])
  useEffect(() => {
    if (!news.isNote) return
    const hide = setTimeout(() => {
      setNews({ text: '', isNote: false })
    }, shownFor)
    return () => {
      clearTimeout(hide)
    }
  }, [news])
  return [
    news,
    useCallback((text: string) => {
      setNews({ text, isNote: true })
    }, []),
  ]
}
