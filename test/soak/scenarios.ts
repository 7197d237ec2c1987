import {
  apiError,
  completed,
  cut,
  delayed,
  failed,
  html,
  json,
  pending,
  processing,
  reply,
  reset,
  silent,
  times,
  trickle,
  wire,
  type Scenario,
} from 'rx-upload-status/sandbox'

/** An upload whose status is never available. */
export const unavailable: Scenario = [apiError(503, 'Down.', { headers: { 'retry-after': '1' } })]

/** The outcomes of uploads. The first completes, the second fails. */
export const scenarios: readonly Scenario[] = [
  [completed()],
  [failed()],
  [pending(), processing(), completed()],
  [pending(), times(3, processing()), completed()],
  [processing(), html(502), cut(processing(), { by: 'reset' }), reset(), completed()],
  [pending(), cut(pending()), delayed(200, processing()), completed()],
  [silent(), trickle(processing(), { every: 20, bytes: 8 }), completed()],
  [trickle(processing(), { every: 100 }), completed()],
  [apiError(429, 'Too many requests.', { headers: { 'retry-after': '1' } }), completed()],
  [processing(), apiError(429, 'Too many requests.'), completed()],
  [processing(), pending(), completed()],
  [processing(), wire('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n'), completed()],
  [wire('HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n', 'stay'), completed()],
  [wire('220 smtp.example ESMTP\r\n', 'reset'), completed()],
  [pending()],
  [processing(), silent()],
  [apiError(401, 'Invalid API key.')],
  unavailable,
  [reply(302, { location: 'https://login.example/' })],
  [reply(200, {}, 'x'.repeat(300_000))],
  [reply(200, {}, 'no JSON')],
  [json(200, { status: 'archived' })],
]
