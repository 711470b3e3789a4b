#!/usr/bin/env bash
# Removes the components of this bundle, the last one first, and what they leave behind.
set -euo pipefail

here="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
readonly here

keep_namespaces='false'
delete_pvcs='false'
keep_crds='false'
timeout='120'
dry_run='false'
kube_context=''

usage() {
  cat <<'END'
Usage: undeploy.sh [--keep-namespaces] [--delete-pvcs] [--keep-crds] [--timeout SECONDS] [--dry-run] [--kube-context NAME]

  --keep-namespaces     leave the namespaces of the components
  --delete-pvcs         also delete the volume claims in them, with their data
  --keep-crds           leave the resource definitions (CRDs) of charts; without it they go, with every object of their kinds in the cluster
  --timeout SECONDS     how long to wait for each deletion (default 120)
  --dry-run             print the commands and run none of them
  --kube-context NAME   context of the kubeconfig (default: the current one)
  --help                print this
END
}

misused() {
  printf 'undeploy.sh: %s\n' "$1" >&2
  usage >&2
  exit 2
}

while (($# > 0)); do
  case "$1" in
    --timeout=* | --kube-context=*) set -- "${1%%=*}" "${1#*=}" "${@:2}" ;;
  esac
  case "$1" in
    --keep-namespaces) keep_namespaces=true ;;
    --delete-pvcs) delete_pvcs=true ;;
    --keep-crds) keep_crds=true ;;
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

trap 'echo Interrupted. >&2; exit 130' INT TERM

components=(
  'cert-manager'
  'gpu-operator'
  'trainer'
  'tuning'
)

releases=(
  'cert-manager/cert-manager'
  'gpu-operator/gpu-operator'
)

namespaces=(
  'cert-manager'
  'gpu-operator'
  'skyhook'
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

has_chart() {
  case "$1" in
    'cert-manager' | 'gpu-operator') return 0 ;;
    *) return 1 ;;
  esac
}

failed=0
flags=(--timeout "$timeout")
if [[ "$dry_run" == true ]]; then flags+=(--dry-run); fi
if [[ -n "$kube_context" ]]; then flags+=(--kube-context "$kube_context"); fi

remove_components() {
  local index name own
  for ((index = ${#components[@]} - 1; index >= 0; index--)); do
    name="${components[index]}"
    own=("${flags[@]}")
    if [[ "$keep_crds" != true ]] && has_chart "$name"; then own+=(--delete-crds); fi
    printf '%s\n' "$name"
    bash "$here/$name/uninstall.sh" "${own[@]}" || failed=1
  done
}

is_release() {
  local release
  for release in ${releases[@]+"${releases[@]}"}; do
    if [[ "$1" == "$release" ]]; then return 0; fi
  done
  return 1
}

# A webhook without its service blocks every request that it was to look at; it goes before anything else.
remove_leftovers() {
  local kind found name release namespace
  local kinds=(validatingwebhookconfigurations mutatingwebhookconfigurations)
  if [[ "$keep_crds" != true ]]; then kinds+=(customresourcedefinitions); fi
  if [[ "$dry_run" == true ]]; then
    printf '# Then: the %s that still carry the name of a release.\n' "${kinds[*]}"
    return
  fi
  for kind in "${kinds[@]}"; do
    if ! found="$(kube get "$kind" --no-headers --output 'custom-columns=NAME:.metadata.name,RELEASE:.metadata.annotations.meta\.helm\.sh/release-name,NAMESPACE:.metadata.annotations.meta\.helm\.sh/release-namespace')"; then
      failed=1
      continue
    fi
    while read -r name release namespace; do
      if is_release "$release/$namespace"; then
        kube delete "$kind" "$name" --ignore-not-found --timeout "${timeout}s" || failed=1
      fi
    done <<<"$found"
  done
}

remove_namespaces() {
  local namespace
  for namespace in ${namespaces[@]+"${namespaces[@]}"}; do
    if [[ "$delete_pvcs" == true ]]; then
      kube delete persistentvolumeclaims --all --namespace "$namespace" --timeout "${timeout}s" || failed=1
    elif [[ "$dry_run" != true && "$keep_namespaces" != true ]] && holds_volumes "$namespace"; then
      printf 'The namespace %s is kept: it holds volume claims. Give --delete-pvcs to delete them.\n' "$namespace" >&2
      continue
    fi
    if [[ "$keep_namespaces" != true ]]; then
      kube delete namespace "$namespace" --ignore-not-found --timeout "${timeout}s" || failed=1
    fi
  done
}

# When that cannot be told, they are taken to be there.
holds_volumes() {
  local claims
  claims="$(kube get persistentvolumeclaims --namespace "$1" --output name)" || return 0
  [[ -n "$claims" ]]
}

if [[ "$dry_run" != true ]]; then preflight; fi
remove_components
remove_leftovers
remove_namespaces
if ((failed)); then
  echo 'Not everything could be removed; see above, and run undeploy.sh again.' >&2
fi
exit "$failed"
