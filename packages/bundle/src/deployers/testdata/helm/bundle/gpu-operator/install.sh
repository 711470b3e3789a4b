#!/usr/bin/env bash
# Installs the component of this folder. deploy.sh runs it for every component in order.
set -euo pipefail

here="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
readonly here

wait_ready='true'
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
    --no-wait) wait_ready=false ;;
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

charts() {
  run helm ${kube_context:+--kube-context "$kube_context"} "$@"
}

# A namespace that is being deleted takes nothing new: fail now, and be tried again.
ensure_namespace() {
  local phase=''
  if [[ "$dry_run" != true ]]; then
    phase="$(kube get namespace 'gpu-operator' --ignore-not-found --output 'jsonpath={.metadata.name}:{.status.phase}')"
  fi
  case "$phase" in
    '') kube create namespace 'gpu-operator' ;;
    *:Terminating)
      echo 'The namespace is still being deleted.' >&2
      return 1
      ;;
  esac
}

apply_manifests() {
  local failed=0
  kube apply --server-side --force-conflicts --namespace gpu-operator --filename "$here"/manifests/settings.yaml || failed=1
  kube apply --server-side --force-conflicts --namespace gpu-operator --filename "$here"/manifests/policy.yaml || failed=1
  return "$failed"
}

# What is installed next may need these; what they need of it may still be missing, and that alone is no error.
apply_manifests_early() {
  local output
  if output="$(apply_manifests 2>&1)"; then
    printf '%s\n' "$output"
    return
  fi
  printf '%s\n' "$output" >&2
  case "$output" in
    *'no matches for kind'* | *'could not find the requested resource'*)
      echo 'Some kinds are not there yet; the manifests are applied again later.' >&2
      ;;
    *) return 1 ;;
  esac
}

install_chart() {
  local waiting=()
  if [[ "$wait_ready" == true ]]; then
    waiting=(--wait --timeout 10m)
  fi
  charts upgrade --install gpu-operator gpu-operator --repo https://helm.ngc.nvidia.com/nvidia --version v25.10.1 --namespace gpu-operator --values "$here"/values.yaml ${waiting[@]+"${waiting[@]}"}
}

ensure_namespace
apply_manifests_early
install_chart
apply_manifests
