#!/bin/sh
# Runs a command that changes a node and shows what it really changed.
#   around.sh ansible-playbook -i localhost, tune.yml
#
#   FILTER  what is measured                             (default os,systemd,gpu)
#   IGNORE  paths of no interest, separated by spaces    (default: none)
#   OUT     folder for before.yaml, after.yaml, changes.txt and changes.json (default gpu-change)
#
# Ends with the status of the command; what it changed is shown also when it failed.
set -eu

if [ "$#" -eq 0 ]; then
  echo "usage: around.sh COMMAND [ARGUMENT...]" >&2
  exit 2
fi
filter=${FILTER:-os,systemd,gpu}
out=${OUT:-gpu-change}
mkdir -p "$out"

aicr snapshot --filter "$filter" -o "$out/before.yaml"
status=0
"$@" || status=$?
aicr snapshot --filter "$filter" -o "$out/after.yaml"

set -f
set --
for pattern in ${IGNORE:-}; do
  set -- "$@" --ignore "$pattern"
done
set +f
aicr diff "$@" "$out/before.yaml" "$out/after.yaml" | tee "$out/changes.txt"
aicr diff --format json "$@" "$out/before.yaml" "$out/after.yaml" >"$out/changes.json"
exit "$status"
