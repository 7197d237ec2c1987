/** An event of a `text/event-stream`, as far as a relay uses them. */
export interface ServerEvent {
  readonly data: string | null
  /** Milliseconds to wait before the next connection. */
  readonly retry: number | null
  /** The lifetime of the stream is over: the relay closes it, and can be connected to again. */
  readonly isOver: boolean
}

/** Reads the events of one stream, piece by piece. */
export interface EventReader {
  /** The events that this piece completes. */
  readonly read: (piece: string) => readonly ServerEvent[]
  /** Characters of the event that is not complete yet. */
  readonly unread: () => number
}

const nothing: ServerEvent = { data: null, retry: null, isOver: false }

const withLine = (event: ServerEvent, line: string): ServerEvent => {
  const [, name, value = ''] = /^(\w+):? ?([^]*)$/.exec(line) ?? []
  if (name === 'data')
    return { ...event, data: (event.data === null ? '' : `${event.data}\n`) + value }
  if (name === 'retry' && /^\d+$/.test(value)) return { ...event, retry: Number(value) }
  return name === 'event' ? { ...event, isOver: value === 'over' } : event
}

/**
 * Reads a text that arrives in pieces of any size. The cost is linear: each character is looked at
 * once, also if they come one by one.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export const eventReader = (): EventReader => {
  let event = nothing
  let line = ''
  let endsInReturn = false
  let unread = 0

  return {
    unread: () => unread,
    read: piece => {
      if (piece === '') return []
      const events: ServerEvent[] = []
      // A carriage return at the end of a piece may be the first half of a line's end.
      const lines = (endsInReturn && piece.startsWith('\n') ? piece.slice(1) : piece).split(
        /\r\n|\n|\r/,
      )
      endsInReturn = piece.endsWith('\r')
      const rest = lines.pop() ?? ''
      for (const end of lines) {
        const whole = line + end
        line = ''
        unread += end.length
        if (whole !== '') event = withLine(event, whole)
        else {
          if (event !== nothing) events.push(event)
          event = nothing
          unread = 0
        }
      }
      line += rest
      unread += rest.length
      return events
    },
  }
}
