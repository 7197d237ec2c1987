import { useEffect, useState, type SubmitEvent } from 'react'
import type { Origin } from './startUpload'
import { TroubleMenu } from './troubleMenu'

interface Props {
  readonly onStart: (origins: readonly Origin[]) => void
}

/** The URLs in a text; each word of it is taken for one. */
const urlsIn = (text: string): readonly string[] => text.split(/\s+/).filter(word => word !== '')

/** What was dropped or pasted: files, or a text. */
const originsIn = (data: DataTransfer): readonly Origin[] =>
  data.files.length > 0 ? [...data.files] : urlsIn(data.getData('text'))

/** Takes files that are dropped or chosen, and URLs that are pasted or written. */
export const Sender = ({ onStart }: Props) => {
  const isOver = useDropsAndPastes(onStart)
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = event.currentTarget
    const text = new FormData(form).get('urls')
    onStart(urlsIn(typeof text === 'string' ? text : ''))
    form.reset()
  }
  return (
    <section className={isOver ? 'sender over' : 'sender'} aria-label="Start uploads">
      <label className="files">
        <input
          type="file"
          multiple
          className="hidden"
          onChange={({ currentTarget }) => {
            onStart([...(currentTarget.files ?? [])])
            currentTarget.value = ''
          }}
        />
        <span>
          Drop files here, or <u>choose them</u>
        </span>
        <small>With “fail” in its name a file fails.</small>
      </label>
      <form onSubmit={submit}>
        <label htmlFor="urls">or paste URLs</label>
        <input
          id="urls"
          name="urls"
          required
          placeholder="https://…/trailer.mp4"
          autoComplete="off"
          spellCheck={false}
        />
        <button type="submit">Upload</button>
        <TroubleMenu
          onPick={url => {
            onStart([url])
          }}
        />
      </form>
    </section>
  )
}

/** Whether something is held over the page. Dropped anywhere on it, or pasted, it is sent. */
const useDropsAndPastes = (onStart: Props['onStart']): boolean => {
  const [isOver, setIsOver] = useState(false)
  useEffect(() => {
    const listening = new AbortController()
    const { signal } = listening
    const hover = (event: DragEvent): void => {
      event.preventDefault()
      setIsOver(true)
    }
    const leave = ({ relatedTarget }: DragEvent): void => {
      if (relatedTarget === null) setIsOver(false)
    }
    const drop = (event: DragEvent): void => {
      event.preventDefault()
      setIsOver(false)
      if (event.dataTransfer !== null) onStart(originsIn(event.dataTransfer))
    }
    const paste = ({ target, clipboardData }: ClipboardEvent): void => {
      const isWriting = target instanceof HTMLInputElement
      if (clipboardData !== null && !isWriting) onStart(originsIn(clipboardData))
    }
    document.addEventListener('dragover', hover, { signal })
    document.addEventListener('dragleave', leave, { signal })
    document.addEventListener('drop', drop, { signal })
    document.addEventListener('paste', paste, { signal })
    return () => {
      listening.abort()
    }
  }, [onStart])
  return isOver
}
