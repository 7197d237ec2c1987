import { useSyncExternalStore } from 'react'
import { Banners } from './banners'
import { Board } from './board'
import type { Entries } from './entries'
import { entryDoing, isOver } from './entry'
import { Sender } from './sender'
import { useActions } from './useActions'
import { useNews } from './useNews'
import { useServer } from './useServer'

/** The whole page. */
export const UploadsPage = ({ entries }: { readonly entries: Entries }) => {
  const all = useSyncExternalStore(entries.subscribe, entries.all)
  const [news, say] = useNews(all)
  const act = useActions(entries, say)
  const server = useServer(all.some(entry => !isOver(entryDoing(entry))))
  return (
    <main className={all.length === 0 ? undefined : 'busy'}>
      <header>
        <h1>Uploads</h1>
        <p>Each one is watched to its end. While this tab is hidden, nothing is polled.</p>
      </header>
      <Sender onStart={entries.start} />
      {all.length === 0 ? (
        <Nothing
          onShow={() => {
            entries.start(examples)
          }}
        />
      ) : (
        <Board {...{ entries, all, server }} onAct={act} />
      )}
      <div className="notices">
        <Banners {...{ entries, all }} isGone={server.isGone} />
        <p role="status" className={news.isNote ? 'note' : 'hidden'}>
          {news.text}
        </p>
      </div>
      <footer>
        <p>
          A sandbox of the API answers, on this machine. The statuses come through a relay; the key
          stays with it.
        </p>
      </footer>
    </main>
  )
}

const examples = [
  'https://media.example/trailer.mp4',
  'https://media.example/cover-art.png',
  'https://media.example/bad-gateway.mp4',
  'https://media.example/given-up.mov',
  'https://media.example/interview.mp3',
]

const Nothing = ({ onShow }: { readonly onShow: () => void }) => (
  <section className="nothing">
    <div className="line" aria-hidden="true">
      <div className="strip">
        <span className="pending" style={{ flexGrow: 2 }} />
        <span className="processing" style={{ flexGrow: 7 }} />
        {[0, 8, 30, 62, 100].map(start => (
          <b key={start} className="attempt" style={{ insetInlineStart: `${String(start)}%` }} />
        ))}
      </div>
    </div>
    <h2>Nothing is under way</h2>
    <p>
      An upload waits, is processed, and ends well or not. This page draws that as a line, with a
      dot for each poll, on one time axis for all. Open a row to see every attempt.{' '}
      <button type="button" className="plain" onClick={onShow}>
        Start five examples
      </button>
    </p>
  </section>
)
