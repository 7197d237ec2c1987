import { useCallback, useEffect, useState } from 'react'
import { listUploads, nameOf, startUpload, type Origin, type Start } from './startUpload'

/** An entry of the board: on its way to the server, refused by it, or started. */
export type Item = { readonly key: string; readonly name: string } & (
  { readonly state: 'sending' } | Start
)

/** One that was started here may be listed too, and is shown once. */
const isFirst = (item: Item, at: number, items: readonly Item[]): boolean =>
  item.state !== 'started' ||
  items.findIndex(each => each.state === 'started' && each.upload.upload === item.upload.upload) ===
    at

interface Items {
  /** The newest first. */
  readonly items: readonly Item[]
  readonly start: (origins: readonly Origin[]) => void
  /** Takes entries off the board. */
  readonly clear: (keys: ReadonlySet<string>) => void
}

/** The entries of the board. */
export const useItems = (): Items => {
  const [items, setItems] = useState<readonly Item[]>([])

  useEffect(() => {
    let isGone = false
    const show = async (): Promise<void> => {
      const uploads = await listUploads().catch(() => [])
      const listed = uploads.map((upload): Item => ({
        key: upload.upload,
        name: upload.name,
        state: 'started',
        upload,
      }))
      if (!isGone) setItems(own => [...own, ...listed])
    }
    void show()
    return () => {
      isGone = true
    }
  }, [])

  const start = useCallback((origins: readonly Origin[]) => {
    for (const origin of origins) {
      const key = crypto.randomUUID()
      const item: Item = { key, name: nameOf(origin), state: 'sending' }
      setItems(before => [item, ...before])
      void startUpload(origin).then(became => {
        setItems(before => before.map(each => (each.key === key ? { ...item, ...became } : each)))
      })
    }
  }, [])

  const clear = useCallback((keys: ReadonlySet<string>) => {
    setItems(before => before.filter(isFirst).filter(({ key }) => !keys.has(key)))
  }, [])

  return { items: items.filter(isFirst), start, clear }
}
