#!/usr/bin/env bash
# Removes the component of this folder. undeploy.sh runs it for every component, the last one first.
set -euo pipefail

here="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
readonly here

timeout='120'
dry_run='false'
kube_context=''

usage() {
  cat <<'END'
Usage: uninstall.sh [--timeout SECONDS] [--dry-run] [--kube-context NAME]

  --timeout SECONDS     how long to wait for each deletion (default 120)
  --dry-run             print the commands and run none of them
  --kube-context NAME   context of the kubeconfig (default: the current one)
  --help                print this
END
}

misused() {
  printf 'uninstall.sh: %s\n' "$1" >&2
  usage >&2
  exit 2
}

while (($# > 0)); do
  case "$1" in
    --timeout=* | --kube-context=*) set -- "${1%%=*}" "${1#*=}" "${@:2}" ;;
  esac
  case "$1" in
    --timeout)
      [[ "${2:-}" =~ ^(0|[1-9][0-9]{0,5})$ ]] || misused '--timeout needs a whole number'
      timeout="$2"
      shift
      ;;
    --dry-run) dry_run=true ;;
    --kube-context)
      [[ "${2:--}" != -* ]] || misused '--kube-context needs a name'
      kube_context="$2"
      shift
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) misused "unknown option $1" ;;
  esac
  shift
done

# With --dry-run a command is printed, quoted so that it could be pasted.
run() {
  if [[ "$dry_run" == true ]]; then
    printf '+'
    printf ' %q' "$@"
    printf '\n'
  else
    "$@"
  fi
}

kube() {
  run kubectl ${kube_context:+--context "$kube_context"} "$@"
}

# A kind that the cluster does not have leaves nothing to delete.
delete() {
  local output
  if output="$(kube delete --ignore-not-found --timeout "${timeout}s" "$@" 2>&1)"; then
    if [[ -n "$output" ]]; then printf '%s\n' "$output"; fi
    return
  fi
  printf '%s\n' "$output" >&2
  [[ "$output" == *'no matches for kind'* ]]
}

failed=0
delete --namespace skyhook --filename "$here"/manifests/tuning.yaml || failed=1
exit "$failed"
