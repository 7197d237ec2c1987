import { Observable, Subscription } from 'rxjs'
import type { UploadRef } from '../../api/uploadRef'
import { after } from '../../runtime/wait'
import type { Member } from './tabMember'
import { readAnswer } from './tabMessages'

/** Milliseconds that a leader has to answer. After two asks without an answer it hangs. */
const patience = 750

/**
 * Asks the leader for uploads, and each new leader again. Emits an empty text once the leader accepts,
 * then the statuses in the form of the relay. Errors after a bug in the leader.
 *
 * @param silence milliseconds without a word from the leader, after which it is asked again
 */
export const asked$ = (
  { lock, channel, say, depose }: Member,
  id: string,
  refs: readonly UploadRef[],
  silence: number,
): Observable<string> =>
  new Observable(subscriber => {
    let timer = Subscription.EMPTY
    let unanswered = 0
    const ask = (): void => {
      timer.unsubscribe()
      say({ id, lock, refs })
      // Once more: it may have been this tab that was busy.
      timer = after(patience, unanswered++ === 0 ? ask : depose)
    }
    const hear = ({ data: message }: MessageEvent): void => {
      const answer = readAnswer(message)
      if (answer === null || (answer.id !== null && answer.id !== id)) return
      unanswered = 0
      if (answer.id === null) {
        ask()
        return
      }
      timer.unsubscribe()
      timer = after(silence, ask)
      if (answer.data === null) subscriber.error(new Error('the leader failed'))
      else subscriber.next(answer.data)
    }
    channel.addEventListener('message', hear)
    ask()
    return () => {
      timer.unsubscribe()
      channel.removeEventListener('message', hear)
      say({ id, lock, refs: [] })
    }
  })
