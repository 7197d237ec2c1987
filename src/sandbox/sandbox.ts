import type { UploadRef } from '../model/identifier'
import type { SandboxCounts, SandboxRequest } from './journal'
import type { Scenario } from './scenario'

/** An upload that follows a script from its first poll. */
export interface ScriptedUpload extends UploadRef {
  /** Where it is polled. */
  readonly pollingUrl: string
}

/** A running sandbox. */
export interface Sandbox {
  /** The origin to use as `baseUrl`; no slash at its end. */
  readonly url: string
  /** The bearer key that it asks for. */
  readonly apiKey: string
  /** The accounts that exist, in the order in which they were given. */
  readonly accounts: readonly string[]
  /** What its user should know: that it can be reached from other machines, for instance. */
  readonly warnings: readonly string[]
  /**
   * Makes an upload whose polls are answered by a script. Its id is drawn unless given; an unknown
   * account, an id that is taken, a script that makes no sense, or a sandbox full of live uploads
   * throws. A poll that the rate limit refuses is not one of the script's.
   *
   * @example
   * const { upload } = sandbox.script('acct_1', [processing(), html(502), completed()])
   */
  readonly script: (account: string, scenario: Scenario, upload?: string) => ScriptedUpload
  /** The latest 1,000 requests, oldest first. */
  readonly requests: () => readonly SandboxRequest[]
  /** Counts since the start. */
  readonly counts: () => SandboxCounts
  /** Ends every connection, delay and script at once; resolves when the port is free. */
  readonly close: () => Promise<void>
}
