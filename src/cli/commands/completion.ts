import { programName } from './host'
import { shells, type Shell } from './completionArguments'
import { framingNames, sandboxFlags } from './sandboxArguments'
import { watchFlags, watchSwitches } from './watchArguments'
import { workFlags } from './workArguments'

/** The words that may follow each command; the first row follows the program. */
const words: readonly (readonly [after: string, words: readonly string[]])[] = [
  ['', ['watch', 'work', 'sandbox', 'demo', 'completion', 'help', '--help', '--version']],
  ['watch', [...watchFlags, '--help']],
  ['work', [...workFlags, '--help']],
  ['sandbox', [...sandboxFlags, '--help']],
  ['demo', ['--help']],
  ['completion', [...shells, '--help']],
  ['help', ['watch', 'work', 'sandbox', 'demo', 'completion']],
]

const [[, first] = ['', []], ...commands] = words

const cases = commands.map(([after, next]) => `    ${after}) words='${next.join(' ')}' ;;`)

/** Flags that a file follows. */
const fileFlags = ['--key-file', '--secret-file', '--unfinished', '--state']

/** Flags that one of a few names follows. */
const namesAfter: readonly (readonly [flag: string, names: readonly string[]])[] = [
  ['--framing', framingNames],
  ['--window', ['fixed', 'sliding']],
]

/** Flags that another value follows, which cannot be completed. */
const valueFlags = [...new Set([...watchFlags, ...workFlags, ...sandboxFlags])].filter(
  flag =>
    ![...watchSwitches, ...fileFlags].includes(flag) && !namesAfter.some(([name]) => name === flag),
)

const functionName = `_${programName.replaceAll('-', '_')}`

const bash = `${functionName}() {
  local words
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) words='${first.join(' ')}' ;;
  esac
  [ "$COMP_CWORD" -eq 1 ] && words='${first.join(' ')}'
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
${namesAfter.map(([flag, names]) => `    ${flag}) words='${names.join(' ')}' ;;`).join('\n')}
    ${[...fileFlags, ...valueFlags].join('|')}) return ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F ${functionName} ${programName}
`

// In a folder of `fpath` the file is the body of a function, which zsh calls to complete.
const zsh = `#compdef ${programName}
${functionName}() {
  if (( CURRENT == 2 )); then
    compadd -- ${first.join(' ')}
    return
  fi
  case "\${words[CURRENT-1]}" in
${namesAfter.map(([flag, names]) => `    ${flag}) compadd -- ${names.join(' ')}; return ;;`).join('\n')}
    ${fileFlags.join('|')}) _files; return ;;
    ${valueFlags.join('|')}) return ;;
  esac
  case "\${words[2]}" in
${commands.map(([after, next]) => `    ${after}) compadd -- ${next.join(' ')} ;;`).join('\n')}
  esac
}
if [ "\${funcstack[1]}" = _${programName} ]; then
  ${functionName} "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i; }
  compdef ${functionName} ${programName}
fi
`

/** What fish completes after a flag; null if no value follows. */
const fishValue = (flag: string): string | null => {
  if (fileFlags.includes(flag)) return '-r -F'
  if (valueFlags.includes(flag)) return '-x'
  const names = new Map(namesAfter).get(flag)
  return names === undefined ? null : `-x -a '${names.join(' ')}'`
}

const fish = [
  `complete -c ${programName} -f`,
  ...words.flatMap(([after, next]) => {
    const condition =
      after === '' ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${after}`
    const start = `complete -c ${programName} -n '${condition}'`
    return [
      `${start} -a '${next.filter(word => fishValue(word) === null).join(' ')}'`,
      ...next.flatMap(word => {
        const value = fishValue(word)
        return value === null ? [] : [`${start} -l ${word.slice(2)} ${value}`]
      }),
    ]
  }),
  '',
].join('\n')

const scripts: { readonly [S in Shell]: string } = { bash, zsh, fish }

/** The script that completes commands and flags in a shell. It ends with a line break. */
export const completionScript = (shell: Shell): string => scripts[shell]
