import { sandboxAccount, type Sandbox, type SandboxEvent } from '../sandbox'
import { keyVariable } from './commands/apiKey'
import { printable } from './printable'
import { quoted } from './commands/host'

/** Where a sandbox is, and lines to paste into another terminal. A user's own key is not shown. */
export const greeting = (
  { url, apiKey }: Pick<Sandbox, 'url' | 'apiKey'>,
  keyFile: string | undefined,
  command: string,
): string => {
  const [whichKey, key] =
    keyFile === undefined
      ? [`${apiKey} (no secret)`, apiKey]
      : ['the one in your file', `"$(cat ${quoted(keyFile)})"`]
  return `The sandbox is at ${url}
Its key is ${whichKey}, its account ${sandboxAccount}.

To start an upload and watch it, paste this into another terminal, in the same folder:

export ${keyVariable}=${key}
curl -sS -H "Authorization: Bearer $${keyVariable}" \\
  -F async=true -F file_url=https://example.com/clip.mp4 \\
  ${url}/api/${sandboxAccount}/media/vault |
  node -p 'JSON.parse(fs.readFileSync(0)).polling_url' |
  ${command} watch --base-url ${url} -

Ctrl-C ends it. Requests:
`
}

/** One request, or one warning, as a line of a log. */
export const logLine = (event: SandboxEvent, time: Date): string => {
  const clock = time.toTimeString().slice(0, 8)
  if (event.kind === 'warning') return `${clock}  warning: ${printable(event.message)}`
  const { method, path, status, upload } = event
  return [
    `${clock} `,
    status === null ? '---' : String(status),
    printable(method),
    path ?? '(no such path)',
    ...(upload === null ? [] : [upload]),
  ].join(' ')
}
