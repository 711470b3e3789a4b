#!/usr/bin/env bash
# Installs the component of this folder. deploy.sh runs it for every component in order.
set -euo pipefail

dry_run='false'
kube_context=''

usage() {
  cat <<'END'
Usage: install.sh [--no-wait] [--dry-run] [--kube-context NAME]

  --no-wait             do not wait until it is ready
  --dry-run             print the commands and run none of them
  --kube-context NAME   context of the kubeconfig (default: the current one)
  --help                print this
END
}

misused() {
  printf 'install.sh: %s\n' "$1" >&2
  usage >&2
  exit 2
}

while (($# > 0)); do
  case "$1" in
    --kube-context=*) set -- "${1%%=*}" "${1#*=}" "${@:2}" ;;
  esac
  case "$1" in
    --no-wait) ;;
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

kube apply --server-side --force-conflicts --kustomize 'https://github.com/kubeflow/trainer//manifests/overlays/manager?ref=v2.1.0'
