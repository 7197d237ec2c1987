import { Observable, Subscription } from 'rxjs'
import type { UploadRef } from '../../api/uploadRef'
import { after } from '../../runtime/wait'
import type { Member } from './tabMember'
import { readAnswer } from './tabMessages'

/** Milliseconds that a leader has to answer. Without an answer to two asks it counts as hung. */
const answerTimeout = 750

/**
 * Asks the leader for uploads, and each new leader again. Emits an empty text once the leader accepts,
 * then the statuses in the form of the relay. Errors after a bug in the leader.
 *
 * @param silence milliseconds without a message from the leader, after which it is asked again
 */
export const askLeader$ = (
  { lock, channel, send, replaceLeader }: Member,
  id: string,
  refs: readonly UploadRef[],
  silence: number,
): Observable<string> =>
  new Observable(subscriber => {
    let timer = Subscription.EMPTY
    let unanswered = 0
    const ask = (): void => {
      timer.unsubscribe()
      send({ id, lock, refs })
      // A second ask, because this tab itself may have been busy.
      timer = after(answerTimeout, unanswered++ === 0 ? ask : replaceLeader)
    }
    const receive = ({ data: message }: MessageEvent): void => {
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
    channel.addEventListener('message', receive)
    ask()
    return () => {
      timer.unsubscribe()
      channel.removeEventListener('message', receive)
      send({ id, lock, refs: [] })
    }
  })
