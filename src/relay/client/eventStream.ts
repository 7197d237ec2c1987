/** An event of a `text/event-stream`, as far as a relay uses them. */
export interface ServerEvent {
  readonly data: string | null
  /** Milliseconds to wait before one connects anew. */
  readonly retry: number | null
}

// A carriage return at the end may be the first half of what ends a line.
const lineEnd = /\r\n|\n|\r(?!\n|$)/
const blockEnd = /(?:\r\n|\n|\r(?!\n|$)){2,}/

const eventOf = (block: string): ServerEvent => {
  const data = block
    .split(lineEnd)
    .filter(line => /^data(:|$)/.test(line))
    .map(line => line.replace(/^data:? ?/, ''))
  const [, retry] = [...block.matchAll(/^retry: ?(\d+)$/gm)].pop() ?? []
  return {
    data: data.length === 0 ? null : data.join('\n'),
    retry: retry === undefined ? null : Number(retry),
  }
}

/**
 * Reads the events out of a text that has come so far, and gives what is left of it: put what comes
 * next behind that.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export const readEvents = (
  text: string,
): { readonly events: readonly ServerEvent[]; readonly rest: string } => {
  const blocks = text.split(blockEnd)
  const rest = blocks.pop() ?? ''
  return { events: blocks.map(eventOf), rest }
}
