import { isFanslyId } from '../api/platformApi'
import { isIdentifier, type UploadRef } from '../api/uploadRef'
import type { SandboxState } from './sandboxState'
import { parseScenario } from './scenario/parseScenario'
import type { Scenario } from './scenario/scenario'
import { eventUpload, nextPushOf } from './uploadEvents'
import type { Upload } from './uploads'

/** An upload that follows a scenario from its first poll. */
export interface ScriptedUpload extends UploadRef {
  /** The URL where the upload is polled. */
  readonly pollingUrl: string
}

/** Creates an upload whose polls a scenario answers. Throws an error that names what is wrong. */
export const scriptUpload = (
  state: SandboxState,
  account: string,
  scenario: Scenario,
  upload: string = state.nextId(account),
): ScriptedUpload => {
  const { settings, uploads, webhooks, pollingUrl } = state
  if (!settings.accounts.has(account)) {
    throw new RangeError(
      `account must be one of ${[...settings.accounts].join(', ')}; ` +
        'to add others use startSandbox({ accounts: [...] })',
    )
  }
  if (!isIdentifier(upload)) {
    throw new RangeError('upload must be an id of 1 to 128 letters, digits, _ or -')
  }
  if (isFanslyId(account) !== isFanslyId(upload)) {
    throw new RangeError('upload must begin with fansly_ if its account does, and only then')
  }
  if (uploads.has(upload)) {
    throw new RangeError('upload must be a new id; leave it out to get one')
  }
  const acceptedAt = settings.clock()
  const scripted: Upload = {
    account,
    id: upload,
    endpoint: 'vault',
    fileName: 'photo.jpg',
    acceptedAt,
    creditsUsed: 3,
    plan: { kind: 'scripted', scenario: parseScenario(scenario), polls: 0 },
    push: nextPushOf(state, account, upload),
  }
  if (!uploads.add(scripted, acceptedAt)) {
    throw new RangeError(
      'the sandbox stores maxUploads uploads, and none of them is finished; raise maxUploads',
    )
  }
  const event = eventUpload(state, scripted)
  if (event !== null) void webhooks.accepted(event)
  return { account, upload, pollingUrl: pollingUrl({ account, id: upload }) }
}
