import { isIdentifier } from '../model/identifier'
import { parseScenario } from './parseScenario'
import { statusPath } from './route'
import type { ScriptedUpload } from './sandbox'
import type { Scenario } from './scenario'
import type { Stage } from './stage'

/** Puts an upload on the stage whose polls are answered by a script. */
export const scriptUpload = (
  { settings, origin, uploads, nextId }: Stage,
  account: string,
  scenario: Scenario,
  upload: string = nextId(),
): ScriptedUpload => {
  if (!settings.accounts.has(account)) throw new RangeError(unknownAccount(settings.accounts))
  if (!isIdentifier(upload)) throw new RangeError('upload must be an identifier')
  if (uploads.has(upload)) throw new RangeError('upload must be the id of no other upload')
  const since = settings.clock()
  const added = uploads.add(
    {
      account,
      id: upload,
      endpoint: 'vault',
      fileName: 'photo.jpg',
      since,
      course: { kind: 'scripted', scenario: parseScenario(scenario), polls: 0 },
    },
    since,
  )
  if (!added) throw new RangeError('the sandbox holds its maxUploads, and none of them is settled')
  return { account, upload, pollingUrl: origin + statusPath(account, upload) }
}

const unknownAccount = (accounts: ReadonlySet<string>): string =>
  `account must be one of ${[...accounts].join(', ')}; ` +
  'to add others use startSandbox({ accounts: [...] })'
