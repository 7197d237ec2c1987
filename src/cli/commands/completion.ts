import { programName } from './host'
import { shells, type Shell } from './completionArguments'
import { sandboxFlags } from './sandboxArguments'
import { watchFlags } from './watchArguments'
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

const functionName = `_${programName.replaceAll('-', '_')}`

const bash = `${functionName}() {
  local words
  case "\${COMP_WORDS[COMP_CWORD-1]}" in ${fileFlags.join('|')}) return ;; esac
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) words='${first.join(' ')}' ;;
  esac
  [ "$COMP_CWORD" -eq 1 ] && words='${first.join(' ')}'
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
  case "\${words[CURRENT-1]}" in ${fileFlags.join('|')}) _files; return ;; esac
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

const isFileFlag = (word: string): boolean => fileFlags.includes(word)

const fish = [
  `complete -c ${programName} -f`,
  ...words.flatMap(([after, next]) => {
    const condition =
      after === '' ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${after}`
    const start = `complete -c ${programName} -n '${condition}'`
    return [
      `${start} -a '${next.filter(word => !isFileFlag(word)).join(' ')}'`,
      ...next.filter(isFileFlag).map(flag => `${start} -l ${flag.slice(2)} -r -F`),
    ]
  }),
  '',
].join('\n')

const scripts: { readonly [S in Shell]: string } = { bash, zsh, fish }

/** The script that completes commands and flags in a shell. It ends with a line break. */
export const completionScript = (shell: Shell): string => scripts[shell]
