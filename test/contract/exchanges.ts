import {
  apiError,
  completed,
  failed,
  pending,
  processing,
  type Endpoint,
  type Sandbox,
  type ScriptedAnswer,
} from '../../src/sandbox'
import { ask, fileUrl, post, postForm, type Answer } from '../sandbox/openSandbox'

/** A request to the sandbox, and the expected HTTP status. */
export interface Exchange {
  readonly title: string
  readonly status: number
  readonly send: (sandbox: Sandbox) => Promise<Answer>
}

const accounts = ['acct_1', 'fansly_acct_1']

const poll = (account: string, answer: ScriptedAnswer, status = 200): Exchange => ({
  title: `${String(status)} for a poll of ${account}: ${JSON.stringify(answer)}`,
  status,
  send: sandbox => ask(sandbox, sandbox.script(account, [answer]).pollingUrl),
})

/** Polls with each status of the published description. */
export const publishedExchanges: readonly Exchange[] = [
  pending(),
  processing(),
  failed(),
  completed('vault'),
  completed('upload'),
].map(answer => poll('acct_1', answer))

const pathOf = (account: string, endpoint: Endpoint): string =>
  account.startsWith('fansly_') && endpoint === 'vault' ? 'vault/media/upload' : `media/${endpoint}`

const uploads = (account: string, endpoint: Endpoint): readonly Exchange[] => {
  const path = pathOf(account, endpoint)
  const file = new File(['hello'], 'photo.jpg')
  const own = path === 'media/upload' ? { type: 'avatar' } : { album_id: '800000000000000010' }
  const title = `a POST to ${path} of ${account}`
  return [
    {
      title: `200 for ${title}, and its media`,
      status: 200,
      send: sandbox => post(sandbox, path, { file_url: fileUrl, ...own }, account),
    },
    {
      title: `202 for ${title} as JSON`,
      status: 202,
      send: sandbox => post(sandbox, path, { file_url: fileUrl, async: true }, account),
    },
    {
      title: `202 for ${title} as a form`,
      status: 202,
      send: sandbox => postForm(sandbox, path, { file, async: 'true', ...own }, account),
    },
    {
      title: `200 for the polling_url of ${title}`,
      status: 200,
      send: async sandbox => {
        const { body } = await post(sandbox, path, { file_url: fileUrl, async: true }, account)
        return ask(sandbox, (body as { polling_url: string }).polling_url)
      },
    },
    {
      title: `422 for ${title} whose file cannot be downloaded`,
      status: 422,
      send: sandbox => post(sandbox, path, { file_url: 'https://m.example/fail.mp4' }, account),
    },
  ]
}

const statusOf = (account: string, upload: string): string =>
  `/api/${account.startsWith('fansly_') ? 'fansly/' : ''}${account}/media/uploads/${upload}/status`

const refusals = (account: string): readonly Exchange[] => [
  {
    title: `401 for a wrong key, ${account}`,
    status: 401,
    send: sandbox =>
      ask(sandbox, statusOf(account, 'u'), { headers: { authorization: 'Bearer wrong' } }),
  },
  {
    title: `404 for an unknown upload of ${account}`,
    status: 404,
    send: sandbox => ask(sandbox, statusOf(account, 'u')),
  },
  {
    title: `404 for an unknown account like ${account}`,
    status: 404,
    send: sandbox => ask(sandbox, statusOf(`${account}0`, 'u')),
  },
  poll(account, apiError(403, 'This key has no such scope.'), 403),
]

/** Repeats an exchange until the answer has this status. */
const until = (status: number, title: string, send: Exchange['send']): Exchange => ({
  title: `${String(status)} ${title}`,
  status,
  send: async sandbox => {
    for (let sent = 0; sent < 1_000; sent += 1) {
      const answer = await send(sandbox)
      if (answer.status === status) return answer
    }
    throw new Error(`no ${String(status)} after 1,000 requests`)
  },
})

/** Exchanges of all kinds, for a sandbox with little credit and a low rate limit. */
export const exchanges: readonly Exchange[] = [
  ...publishedExchanges,
  ...[
    completed('vault', { previews: 'urls' }),
    completed('vault', { previews: 'objects' }),
    completed('vault', { mediaId: 'string' }),
    completed('vault', { mediaId: 'beside' }),
  ].map(answer => poll('acct_1', answer)),
  ...[pending(), processing(), failed(), completed()].map(answer => poll('fansly_acct_1', answer)),
  poll('fansly_acct_1', completed('vault', { mediaId: 'beside' })),
  ...accounts.flatMap(account => [
    ...uploads(account, 'vault'),
    ...uploads(account, 'upload'),
    ...refusals(account),
  ]),
  until(402, 'for a POST once the credits have run out', sandbox =>
    post(sandbox, 'vault', { file_url: fileUrl, async: true }),
  ),
  until(429, 'for a poll over the limit', sandbox => ask(sandbox, statusOf('acct_1', 'u'))),
]
