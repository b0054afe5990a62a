/**
 * What each shell is told, by the name of the binary. They leave to the binary what fits, and to the shell what it knows
 * best: its quotes and the names of files. None of them evaluates a word that was typed, or a name that was found.
 */
export const scripts = { bash, zsh, fish, powershell };

/** What a flow's file ends in. */
const endings = ["prefect", "ts", "mts", "cts", "js", "mjs", "cjs"];

/** From 3.2 on; the package bash-completion need not be there. */
function bash(name: string): string {
  return script`# bash completion for ${name}
_${id(name)}() {
  local more= word rest
  COMPREPLY=()
  {
    read -r more
    while IFS=$'\t' read -r word rest; do COMPREPLY+=("$word"); done
  } < <(${name} complete --line "\${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
  [[ $more == files || $more == flows ]] || return
  compopt -o filenames 2>/dev/null
  while read -r word; do
    case $more:$word in
      files:* | ${endings.map((each) => `*.${each}`).join(" | ")}) COMPREPLY+=("$word") ;;
    esac
  done < <(compgen -f -- "$2")
  [[ $more == files ]] || while read -r word; do COMPREPLY+=("$word"); done < <(compgen -d -- "$2")
}
complete -F _${id(name)} ${name}
`;
}

function zsh(name: string): string {
  return script`#compdef ${name}
# zsh completion for ${name}
_${name}() {
  local -a answer offers
  local line word about
  answer=("\${(@f)$(${name} complete "--typed=\${(Q)PREFIX}" -- "\${(@Q)words[2,CURRENT-1]}" 2>/dev/null)}")
  for line in "\${(@)answer[2,-1]}"; do
    word=\${line%%$'\t'*}
    about=\${line#*$'\t'}
    word=\${word//\\/\\\\}
    offers+=("\${word//:/\\:}\${about:+:$about}")
  done
  (( $#offers )) && _describe word offers
  case $answer[1] in
    files) compset -P '--*='; _files ;;
    flows) compset -P '--*='; _files -g '*.(${endings.join("|")})' ;;
  esac
}
if [[ $funcstack[1] == _${name} ]]; then
  _${name} "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
  compdef _${name} ${name}
fi
`;
}

/** From 3.4 on. */
function fish(name: string): string {
  const offers = `__${id(name)}_offers`;
  return script`# fish completion for ${name}
function ${offers}
  set -l before (commandline -xpc 2>/dev/null; or commandline -opc)
  set -l typed (commandline -ct)
  set -l word (string unescape -- $typed 2>/dev/null; or string trim -l -c '"\'' -- $typed)
  set -l answer (${name} complete "--typed=$word" -- $before[2..-1] 2>/dev/null)
  string join \n -- $answer[2..-1]
  set -l flag (string match -r -- '^--[^=]+=' $typed)
  set -l file (string replace -r -- '^--[^=]+=' '' $typed)
  switch "$answer[1]"
    case files
      complete -C "'' $file" | string replace -r '^' -- "$flag"
    case flows
      complete -C "'' $file" | string match -r '^[^\t]*(?:/|\.(?:${endings.join("|")}))(?:\t.*)?$' | string replace -r '^' -- "$flag"
  end
end
complete -c ${name} -e
complete -c ${name} -k -f -a '(${offers})'
`;
}

/** Also Windows PowerShell, which passes no empty argument on. */
function powershell(name: string): string {
  return script`# PowerShell completion for ${name}
Register-ArgumentCompleter -Native -CommandName '${name}' -ScriptBlock {
  param($word, $line, $cursor)
  $before = @($line.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursor } |
    ForEach-Object { if ($null -ne $_.Value) { "$($_.Value)" } else { $_.Extent.Text } })
  $typed = "$word".Trim("'", '"')
  $more, $offers = @(& '${name}' complete "--typed=$typed" -- @before 2>$null)
  foreach ($offer in $offers) {
    $text, $about = $offer -split "\t", 2
    $quoted = if ($text -match '^[\w./:=@-]+$') { $text } else { "'" + $text.Replace("'", "''") + "'" }
    if (-not $about) { $about = $text }
    [System.Management.Automation.CompletionResult]::new($quoted, $text, 'ParameterValue', $about)
  }
  if ($more -ne 'words') { [System.Management.Automation.CompletionCompleters]::CompleteFilename($word) }
}
`;
}

/** A name as all shells' functions may have it. */
const id = (name: string): string => name.replaceAll("-", "_");

/** A text in which backslashes are the shell's own; \`\\\${\` is a shell's \`\${\`. */
const script = (texts: TemplateStringsArray, ...values: string[]): string =>
  String.raw({ raw: texts.raw }, ...values).replaceAll("\\${", "${");
