import {
  integerIn,
  list,
  members,
  milliseconds,
  numberIn,
  object,
  oneOf,
  text,
} from '../../failure/checked'
import type { WholeAnswer } from './answers'
import { apiError, completed, failed, html, json, pending, processing, reply } from './answers'
import { cut, reset, silent, trickle, wire, type Fault } from './faults'
import type { Scenario, ScriptedAnswer } from './scenario'

/**
 * Reads a scenario from unknown data, for example from a parsed JSON file.
 *
 * Wrong data throws a TypeError or RangeError that names its position, such as `scenario[2].delay`.
 *
 * @param name what the error message calls the data; `scenario` by default
 *
 * @example
 * const scenario = parseScenario(JSON.parse('[{ "kind": "html", "status": 502, "times": 3 }]'))
 */
export const parseScenario = (value: unknown, name = 'scenario'): Scenario => {
  const [first, ...rest] = list(value, name, 'answers').map((answer, at) =>
    scriptedAnswer(answer, `${name}[${String(at)}]`),
  )
  if (first === undefined) throw new RangeError(`${name} must hold at least one answer`)
  return [first, ...rest]
}

/** Reads one value, or throws an error that begins with `name`. */
type Reader<A> = (value: unknown, name: string) => A

/** Reads the members of one answer. */
interface Members {
  readonly required: <A>(member: string, read: Reader<A>) => A
  readonly optional: <A>(member: string, read: Reader<A>) => A | undefined
}

/** Reads answers of one kind. */
interface AnswerParser<A> {
  /** The members, without `kind`. */
  readonly members: readonly string[]
  readonly parse: (from: Members) => A
}

const answerByKind = <A>(
  value: unknown,
  name: string,
  parsers: Readonly<Record<string, AnswerParser<A>>>,
  shared: readonly string[] = [],
): A => {
  const kind = object(value, name).get('kind')
  const parser =
    typeof kind === 'string' && Object.hasOwn(parsers, kind) ? parsers[kind] : undefined
  if (parser === undefined) {
    throw new TypeError(`${name}.kind must be one of ${Object.keys(parsers).join(', ')}`)
  }
  const found = members(value, name, ['kind', ...parser.members, ...shared])
  const required = <B>(member: string, read: Reader<B>): B =>
    read(found.get(member), `${name}.${member}`)
  return parser.parse({
    required,
    optional: (member, read) => (found.has(member) ? required(member, read) : undefined),
  })
}

const scriptedAnswer: Reader<ScriptedAnswer> = (value, name) => {
  const parsers = { ...wholeParsers, ...faultParsers }
  const answer = answerByKind<WholeAnswer | Fault>(value, name, parsers, ['delay', 'times'])
  const found = object(value, name)
  return {
    ...answer,
    ...(found.has('delay') && { delay: milliseconds(found.get('delay'), `${name}.delay`) }),
    ...(found.has('times') && { times: count(found.get('times'), `${name}.times`) }),
  }
}

// Node does not send an informational status as an answer; `wire` can send one.
const status: Reader<number> = (value, name) => integerIn(value, name, 200, 599)

const count: Reader<number> = (value, name) => integerIn(value, name, 1, Number.MAX_SAFE_INTEGER)

const shareBelowOne: Reader<number> = (value, name) => {
  const share = numberIn(value, name, 0, 1)
  if (share === 1) throw new RangeError(`${name} must be less than 1; 1 is the complete answer`)
  return share
}

const headers: Reader<Readonly<Record<string, string>>> = (value, name) =>
  Object.fromEntries(
    [...object(value, name)].map(([header, content]) => {
      const line = text(content, `${name}.${header}`)
      if (!/^[\w!#$%&'*+.^`|~-]+$/.test(header) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(line)) {
        throw new TypeError(`${name}.${header} must be a header that HTTP can carry`)
      }
      return [header.toLowerCase(), line]
    }),
  )

// Copied through JSON, so that a value that JSON cannot hold is refused here and not at the poll.
const jsonObject: Reader<Readonly<Record<string, unknown>>> = (value, name) => {
  object(value, name)
  try {
    const copy: unknown = JSON.parse(JSON.stringify(value))
    return Object.fromEntries(object(copy, name))
  } catch (cause) {
    throw new TypeError(`${name} must be an object that JSON can hold`, { cause })
  }
}

const wholeParsers: { readonly [K in WholeAnswer['kind']]: AnswerParser<WholeAnswer> } = {
  pending: { members: [], parse: pending },
  processing: { members: [], parse: processing },
  completed: {
    members: ['endpoint', 'previews', 'mediaId'],
    parse: ({ optional }) =>
      completed(
        optional('endpoint', (value, name) => oneOf(value, name, ['vault', 'upload'])),
        {
          previews: optional('previews', (value, name) => oneOf(value, name, ['urls', 'objects'])),
          mediaId: optional('mediaId', (value, name) => oneOf(value, name, ['string', 'beside'])),
        },
      ),
  },
  failed: { members: ['error'], parse: ({ optional }) => failed(optional('error', text)) },
  apiError: {
    members: ['status', 'error', 'code', 'headers'],
    parse: ({ required, optional }) =>
      apiError(required('status', status), required('error', text), {
        code: optional('code', text),
        headers: optional('headers', headers),
      }),
  },
  json: {
    members: ['status', 'body', 'headers'],
    parse: ({ required, optional }) =>
      json(required('status', status), required('body', jsonObject), optional('headers', headers)),
  },
  html: { members: ['status'], parse: ({ required }) => html(required('status', status)) },
  reply: {
    members: ['status', 'headers', 'body'],
    parse: ({ required, optional }) =>
      reply(required('status', status), optional('headers', headers), optional('body', text)),
  },
}

// An empty body can be neither cut nor sent slowly. `delay` and `times` are members of the fault.
const answerWithBody: Reader<WholeAnswer> = (value, name) => {
  const answer = answerByKind(value, name, wholeParsers)
  const bodiless = 'status' in answer && [204, 205, 304].includes(answer.status)
  if (bodiless || (answer.kind === 'reply' && answer.body === '')) {
    throw new RangeError(`${name} must be an answer with a body`)
  }
  return answer
}

const faultParsers: { readonly [K in Fault['kind']]: AnswerParser<Fault> } = {
  cut: {
    members: ['of', 'after', 'by'],
    parse: ({ required, optional }) =>
      cut(required('of', answerWithBody), {
        after: optional('after', shareBelowOne),
        by: optional('by', (value, name) => oneOf(value, name, ['end', 'reset'])),
      }),
  },
  trickle: {
    members: ['of', 'every', 'bytes'],
    parse: ({ required, optional }) =>
      trickle(required('of', answerWithBody), {
        every: optional('every', milliseconds),
        bytes: optional('bytes', count),
      }),
  },
  reset: { members: [], parse: reset },
  silent: { members: [], parse: silent },
  wire: {
    members: ['bytes', 'then'],
    parse: ({ required, optional }) =>
      wire(
        required('bytes', text),
        optional('then', (value, name) => oneOf(value, name, ['end', 'reset', 'stay'])),
      ),
  },
}
