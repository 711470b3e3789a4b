# bash completion for tool
_tool_complete() {
  local line="${COMP_LINE:0:COMP_POINT}" words=() index part current
  COMPREPLY=()
  for ((index = 0; index <= COMP_CWORD; index++)); do
    part="${COMP_WORDS[index]}"
    if ((index > 0)) && [[ -n "$part" && "$line" != [[:space:]]* ]]; then
      words[${#words[@]}-1]+="$part"
    else
      words+=("$part")
    fi
    line="${line#"${line%%[![:space:]]*}"}"
    line="${line#"$part"}"
  done
  current="${words[${#words[@]}-1]}"
  local answer directive kept=""
  answer="$("${words[0]/#\~/$HOME}" __complete "${words[@]:1}" 2>/dev/null)" || return
  directive="${answer##*:}"
  if [[ "$current" == *[=:]* && "$COMP_WORDBREAKS" == *[=:]* ]]; then
    kept="${current%"${current##*[=:]}"}"
  fi
  while IFS=$'\t' read -r part _; do
    [[ -z "$part" || "$part" == ":$directive" ]] || COMPREPLY+=("${part#"$kept"}")
  done <<<"$answer"
  if ((directive & 2)); then compopt -o nospace 2>/dev/null; fi
  if ((directive & 16)); then
    compopt -o filenames 2>/dev/null
    while IFS= read -r part; do COMPREPLY+=("$part"); done < <(compgen -d -- "${current#"$kept"}")
  elif ((!(directive & 4))); then
    compopt -o filenames 2>/dev/null
    while IFS= read -r part; do COMPREPLY+=("$part"); done < <(compgen -f -- "${current#"$kept"}")
  fi
}
complete -F _tool_complete tool
