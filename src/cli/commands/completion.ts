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

const bash = `_${programName.replaceAll('-', '_')}() {
  local words
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) words='${first.join(' ')}' ;;
  esac
  [ "$COMP_CWORD" -eq 1 ] && words='${first.join(' ')}'
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _${programName.replaceAll('-', '_')} ${programName}
`

const zsh = `#compdef ${programName}
_${programName.replaceAll('-', '_')}() {
  if (( CURRENT == 2 )); then
    compadd -- ${first.join(' ')}
    return
  fi
  case "\${words[2]}" in
${commands.map(([after, next]) => `    ${after}) compadd -- ${next.join(' ')} ;;`).join('\n')}
  esac
  _files
}
compdef _${programName.replaceAll('-', '_')} ${programName}
`

const fish = words
  .map(([after, next]) => {
    const condition =
      after === '' ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${after}`
    return `complete -c ${programName} -n '${condition}' -a '${next.join(' ')}'\n`
  })
  .join('')

const scripts: { readonly [S in Shell]: string } = { bash, zsh, fish }

/** The script that completes commands and flags in a shell. It ends with a line break. */
export const completionScript = (shell: Shell): string => scripts[shell]
