import { parseByKind, type AnswerParser, type Reader } from './answerParser'
import { integerIn, milliseconds, numberIn, object, oneOf, text } from '../model/checked'
import { cut, reset, silent, trickle, wire, type Fault } from './fault'
import type { Scenario, ScriptedAnswer } from './scenario'
import { apiError, completed, failed, html, json, pending, processing, reply } from './wholeAnswer'
import type { WholeAnswer } from './wholeAnswer'

/**
 * Reads a scenario from a value of unknown origin, a parsed file for instance. What makes no sense
 * throws a RangeError or TypeError that names its place, such as `scenario[2].delay`.
 *
 * @example
 * const scenario = parseScenario(JSON.parse('[{ "kind": "html", "status": 502, "times": 3 }]'))
 */
export const parseScenario = (value: unknown, name = 'scenario'): Scenario => {
  if (!Array.isArray(value)) throw new TypeError(`${name} must be a list of answers`)
  const answers = value.map((answer: unknown, at) => scripted(answer, `${name}[${String(at)}]`))
  const [first, ...rest] = answers
  if (first === undefined) throw new RangeError(`${name} must hold at least one answer`)
  return [first, ...rest]
}

const scripted: Reader<ScriptedAnswer> = (value, name) => {
  const parsers = { ...wholeParsers, ...faultParsers }
  const answer = parseByKind<WholeAnswer | Fault>(value, name, parsers, ['delay', 'times'])
  const fields = object(value, name)
  return {
    ...answer,
    ...(fields.has('delay') && { delay: milliseconds(fields.get('delay'), `${name}.delay`) }),
    ...(fields.has('times') && { times: count(fields.get('times'), `${name}.times`) }),
  }
}

// An informational status is no answer to Node; `wire` sends one.
const status: Reader<number> = (value, name) => integerIn(value, name, 200, 599)

const count: Reader<number> = (value, name) => integerIn(value, name, 1, Number.MAX_SAFE_INTEGER)

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

// A copy through JSON: what cannot make the journey is refused here, not at the poll.
const jsonObject: Reader<Readonly<Record<string, unknown>>> = (value, name) => {
  object(value, name)
  try {
    const copy: unknown = JSON.parse(JSON.stringify(value))
    return Object.fromEntries(object(copy, name))
  } catch (cause) {
    throw new TypeError(`${name} must be what JSON can hold`, { cause })
  }
}

const wholeParsers: { readonly [K in WholeAnswer['kind']]: AnswerParser<WholeAnswer> } = {
  pending: { known: [], build: pending },
  processing: { known: [], build: processing },
  completed: {
    known: ['endpoint'],
    build: get =>
      completed(get.maybe('endpoint', (value, name) => oneOf(value, name, ['vault', 'upload']))),
  },
  failed: { known: ['error'], build: get => failed(get.maybe('error', text)) },
  apiError: {
    known: ['status', 'error', 'code', 'headers'],
    build: get =>
      apiError(get.needed('status', status), get.needed('error', text), {
        code: get.maybe('code', text),
        headers: get.maybe('headers', headers),
      }),
  },
  json: {
    known: ['status', 'body', 'headers'],
    build: get =>
      json(
        get.needed('status', status),
        get.needed('body', jsonObject),
        get.maybe('headers', headers),
      ),
  },
  html: { known: ['status'], build: get => html(get.needed('status', status)) },
  reply: {
    known: ['status', 'headers', 'body'],
    build: get =>
      reply(get.needed('status', status), get.maybe('headers', headers), get.maybe('body', text)),
  },
}

// An empty body can be neither cut nor slow; `delay` and `times` belong to the fault, not in here.
const withBody: Reader<WholeAnswer> = (value, name) => {
  const answer = parseByKind(value, name, wholeParsers)
  const bodiless = 'status' in answer && [204, 205, 304].includes(answer.status)
  if (bodiless || (answer.kind === 'reply' && answer.body === '')) {
    throw new RangeError(`${name} must be an answer with a body`)
  }
  return answer
}

const faultParsers: { readonly [K in Fault['kind']]: AnswerParser<Fault> } = {
  cut: {
    known: ['of', 'after', 'by'],
    build: get =>
      cut(get.needed('of', withBody), {
        after: get.maybe('after', (value, name) => numberIn(value, name, 0, 1 - Number.EPSILON)),
        by: get.maybe('by', (value, name) => oneOf(value, name, ['end', 'reset'])),
      }),
  },
  trickle: {
    known: ['of', 'every', 'bytes'],
    build: get =>
      trickle(get.needed('of', withBody), {
        every: get.maybe('every', milliseconds),
        bytes: get.maybe('bytes', count),
      }),
  },
  reset: { known: [], build: reset },
  silent: { known: [], build: silent },
  wire: {
    known: ['bytes', 'then'],
    build: get =>
      wire(
        get.needed('bytes', text),
        get.maybe('then', (value, name) => oneOf(value, name, ['end', 'reset', 'stay'])),
      ),
  },
}
