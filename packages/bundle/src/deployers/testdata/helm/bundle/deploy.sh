#!/usr/bin/env bash
# Installs the components of this bundle in order. It can be run again at any time.
set -euo pipefail

here="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
readonly here

wait_ready='true'
best_effort='false'
retries='5'
dry_run='false'
kube_context=''

usage() {
  cat <<'END'
Usage: deploy.sh [--no-wait] [--best-effort] [--retries N] [--dry-run] [--kube-context NAME]

  --no-wait             do not wait until a component is ready
  --best-effort         go on with the next component when one fails
  --retries N           how often a component that fails is tried again (default 5)
  --dry-run             print the commands and run none of them
  --kube-context NAME   context of the kubeconfig (default: the current one)
  --help                print this
END
}

misused() {
  printf 'deploy.sh: %s\n' "$1" >&2
  usage >&2
  exit 2
}

while (($# > 0)); do
  case "$1" in
    --retries=* | --kube-context=*) set -- "${1%%=*}" "${1#*=}" "${@:2}" ;;
  esac
  case "$1" in
    --no-wait) wait_ready=false ;;
    --best-effort) best_effort=true ;;
    --retries)
      [[ "${2:-}" =~ ^(0|[1-9][0-9]{0,5})$ ]] || misused '--retries needs a whole number'
      retries="$2"
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

trap 'echo Interrupted. >&2; exit 130' INT TERM

components=(
  'cert-manager'
  'gpu-operator'
  'trainer'
  'tuning'
)

needs() {
  if command -v "$1" >/dev/null; then return; fi
  printf '%s is not installed, or not on the PATH.\n' "$1" >&2
  return 1
}

preflight() {
  needs kubectl || return 1
  needs helm || return 1
  if ! kubectl ${kube_context:+--context "$kube_context"} version >/dev/null; then
    echo 'The cluster does not answer. Check KUBECONFIG, or choose one with --kube-context.' >&2
    return 1
  fi
}

install_component() {
  local name="$1" attempt=0 pause
  local flags=()
  if [[ "$wait_ready" != true ]]; then flags+=(--no-wait); fi
  if [[ "$dry_run" == true ]]; then flags+=(--dry-run); fi
  if [[ -n "$kube_context" ]]; then flags+=(--kube-context "$kube_context"); fi
  until bash "$here/$name/install.sh" ${flags[@]+"${flags[@]}"}; do
    attempt=$((attempt + 1))
    if [[ "$dry_run" == true ]] || ((attempt > retries)); then return 1; fi
    pause=$((attempt < 5 ? attempt * attempt * 5 : 120))
    printf '%s failed; trying again in %s seconds (%s of %s).\n' "$name" "$pause" "$attempt" "$retries" >&2
    sleep "$pause"
  done
}

if [[ "$dry_run" != true ]]; then preflight; fi

failed=()
for index in "${!components[@]}"; do
  name="${components[index]}"
  printf '[%s/%s] %s\n' "$((index + 1))" "${#components[@]}" "$name"
  if install_component "$name"; then continue; fi
  failed+=("$name")
  if [[ "$best_effort" != true ]]; then break; fi
done

if ((${#failed[@]} > 0)); then
  printf 'Not installed: %s\n' "${failed[*]}" >&2
  exit 1
fi
if [[ "$dry_run" != true ]]; then echo 'All components are installed.'; fi
