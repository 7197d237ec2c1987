/** The part of a `text/event-stream` event that relays use. */
export interface ServerEvent {
  readonly data: string | null
  /** Milliseconds to wait before the next connection. */
  readonly retry: number | null
  /** Whether the stream's lifetime has expired: the relay closes it, and accepts a new connection. */
  readonly isOver: boolean
}

/** Parses the events of one stream chunk by chunk. */
export interface EventReader {
  /** Returns the events that this chunk completes. */
  readonly read: (chunk: string) => readonly ServerEvent[]
  /** The number of characters that it keeps of the incomplete event. Comments take none. */
  readonly unread: () => number
}

const emptyEvent: ServerEvent = { data: null, retry: null, isOver: false }

const withLine = (event: ServerEvent, line: string): ServerEvent => {
  const [, name, value = ''] = /^([^:]*)(?:: ?([^]*))?$/.exec(line) ?? []
  if (name === 'data')
    return { ...event, data: (event.data === null ? '' : `${event.data}\n`) + value }
  if (name === 'retry' && /^\d+$/.test(value)) return { ...event, retry: Number(value) }
  return name === 'event' ? { ...event, isOver: value === 'over' } : event
}

/**
 * Creates a parser for text that arrives in chunks of any size. It runs in linear time, even if the
 * characters arrive one by one.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export const eventReader = (): EventReader => {
  let event = emptyEvent
  let line = ''
  let endsInReturn = false

  return {
    unread: () => line.length + (event.data?.length ?? 0),
    read: chunk => {
      if (chunk === '') return []
      const events: ServerEvent[] = []
      // A carriage return at the end of a chunk may be the first half of a line break.
      const lines = (endsInReturn && chunk.startsWith('\n') ? chunk.slice(1) : chunk).split(
        /\r\n|\n|\r/,
      )
      endsInReturn = chunk.endsWith('\r')
      const rest = lines.pop() ?? ''
      for (const end of lines) {
        const whole = line + end
        line = ''
        if (whole !== '') event = withLine(event, whole)
        else {
          if (event !== emptyEvent) events.push(event)
          event = emptyEvent
        }
      }
      line += rest
      return events
    },
  }
}
