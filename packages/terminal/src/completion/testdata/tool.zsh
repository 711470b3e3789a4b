#compdef tool
# zsh completion for tool
_tool() {
  local answer directive line value description
  local -a options described bare
  answer="$("${(Q)words[1]}" __complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)" || return 1
  directive="${answer##*:}"
  for line in "${(@f)answer}"; do
    [[ -z "$line" || "$line" == ":$directive" ]] && continue
    value="${line%%$'\t'*}"
    description="${line#*$'\t'}"
    if [[ "$value" == "$line" ]]; then
      bare+=("$value")
    else
      described+=("${value//:/\\:}:$description")
    fi
  done
  ((directive & 2)) && options+=(-S '')
  if ((directive & 16)); then
    compset -P '--*='
    _files -/
    return
  elif ((!(directive & 4))); then
    compset -P '--*='
    _files
    return
  fi
  ((${#described})) && _describe -V 'tool' described "${options[@]}"
  ((${#bare})) && compadd "${options[@]}" -- "${bare[@]}"
  ((${#described} + ${#bare}))
}
if [[ "${funcstack[1]}" == "_tool" ]]; then
  _tool "$@"
else
  compdef _tool tool
fi
