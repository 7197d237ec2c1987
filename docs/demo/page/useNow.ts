import { useEffect, useState } from 'react'

/** Milliseconds since 1970, renewed each second while anything shows them. */
export const useNow = (isShown: boolean): number => {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!isShown) return
    const clock = setInterval(() => {
      setNow(Date.now())
    }, 1_000)
    return () => {
      clearInterval(clock)
    }
  }, [isShown])
  return now
}
