import { useCallback, useEffect, useState, type SubmitEvent } from 'react'
import { largestFile } from '../limits'
import type { Origin } from './origin'
import { TroubleMenu } from './troubleMenu'

interface Props {
  readonly onStart: (origins: readonly Origin[]) => void
}

const wordsIn = (text: string): readonly string[] => text.split(/\s+/).filter(word => word !== '')

/** What was dropped or pasted: files, or the words of a text. */
const originsIn = (data: DataTransfer): readonly Origin[] =>
  data.files.length > 0 ? [...data.files] : wordsIn(data.getData('text'))

/** `Note:` is a URL by its grammar; nobody pastes it as one. */
const isAddress = (word: string): boolean => /^[a-z]+:\/\/./i.test(word) && URL.canParse(word)

/** Why these cannot be uploaded; null if all of them can. */
const problemWith = (origins: readonly Origin[]): string | null => {
  const wrong = origins.filter(each => typeof each === 'string' && !isAddress(each))
  const [first] = wrong
  if (typeof first !== 'string') return null
  const others = wrong.length === 1 ? '' : ` and ${String(wrong.length - 1)} more`
  return `Nothing was started: “${first.slice(0, 60)}”${others} cannot be read as a URL. Paste complete URLs, like https://media.example/trailer.mp4.`
}

/** Takes files that are dropped or chosen, and URLs that are pasted or written. */
export const Sender = ({ onStart }: Props) => {
  const [problem, setProblem] = useState<string | null>(null)
  const start = useCallback(
    (origins: readonly Origin[]): boolean => {
      const found = problemWith(origins)
      setProblem(found)
      if (found === null) onStart(origins)
      return found === null
    },
    [onStart],
  )
  const isOver = useDropsAndPastes(start)
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = event.currentTarget
    const text = new FormData(form).get('urls')
    if (start(wordsIn(typeof text === 'string' ? text : ''))) form.reset()
  }
  return (
    <section className={isOver ? 'sender over' : 'sender'} aria-label="Start uploads">
      <label className="files">
        <input
          type="file"
          multiple
          className="hidden"
          onChange={({ currentTarget }) => {
            start([...(currentTarget.files ?? [])])
            currentTarget.value = ''
          }}
        />
        <span>
          Drop files here, or <u>choose them</u>
        </span>
        <small>
          At most {largestFile / 1_024 / 1_024} MB each. A file with “fail” in its name fails.
        </small>
      </label>
      <form onSubmit={submit}>
        <label htmlFor="urls">or paste URLs</label>
        <textarea
          id="urls"
          name="urls"
          rows={1}
          required
          placeholder="https://…/trailer.mp4"
          autoComplete="off"
          spellCheck={false}
          aria-invalid={problem !== null}
          onKeyDown={event => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
            event.preventDefault()
            event.currentTarget.form?.requestSubmit()
          }}
        />
        <button type="submit">Upload</button>
        <TroubleMenu
          onPick={url => {
            start([url])
          }}
        />
      </form>
      {problem !== null && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </section>
  )
}

/** Whether something is held over the page. Dropped anywhere on it, or pasted, it is sent. */
const useDropsAndPastes = (onStart: (origins: readonly Origin[]) => void): boolean => {
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
      const isWriting = target instanceof HTMLTextAreaElement
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
