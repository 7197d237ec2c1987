import { defaults, scenarioOf, type Settings } from './settings'

const isName = /^[A-Za-z_$][\w$]*$/

/** Writes a value of JSON as TypeScript, on one line. */
const literal = (value: unknown): string => {
  if (typeof value === 'string')
    return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(
    ([name, member]) => `${isName.test(name) ? name : literal(name)}: ${literal(member)}`,
  )
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}

const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, '_')

/** The program that does what the playground shows, against the sandbox on a port of its own. */
export const codeOf = (settings: Settings): string => {
  const { schedule, retries, deadline, emit } = settings
  const options = [
    'baseUrl: sandbox.url,',
    'apiKey: sandbox.apiKey,',
    ...(schedule === defaults.schedule ? [] : [`schedule: ${schedule},`]),
    ...(retries === defaults.retries ? [] : [`retry: { retries: ${String(retries)} },`]),
    ...(deadline === defaults.deadline ? [] : [`deadline: ${grouped(deadline * 1_000)},`]),
    ...(emit === defaults.emit ? [] : [`emit: '${emit}',`]),
  ]
  const maker = /^\w+(?=\()/.exec(schedule)?.[0]
  const names = ['describe', ...(maker === undefined ? [] : [maker]), 'uploadStatus$'].sort()
  const answers = scenarioOf(settings).map(answer => `  ${literal(answer)},`)
  return `import { ${names.join(', ')} } from 'rx-upload-status'
import { startSandbox } from 'rx-upload-status/sandbox'

const sandbox = await startSandbox()
const { account, upload } = sandbox.script('acct_1', [
${answers.join('\n')}
])

uploadStatus$(account, upload, {
${options.map(line => `  ${line}`).join('\n')}
}).subscribe({
  next: answer => console.log(answer._tag === 'Left' ? describe(answer.left) : answer.right.status),
  complete: () => void sandbox.close(),
})
`
}
