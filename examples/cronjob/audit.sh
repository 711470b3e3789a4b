#!/bin/sh
# Keeps the last KEEP snapshots of the cluster in a ring of ConfigMaps and compares the newest with a baseline.
#
# The ConfigMaps are there from the start (ring.yaml) and are written over in turn, so the job may change these few
# objects and nothing else: it can neither create nor delete nor list any.
#
#   NAMESPACE  namespace of the ConfigMaps
#   KEEP       how many there are                              (default 7)
#   PERIOD     seconds between two runs, as the schedule has it (default 86400)
#   BASELINE   snapshot to compare with; empty: none           (default: none)
#   IGNORE     paths that may differ, separated by spaces      (default: none)
#
# Ends with 0; with 1 when the cluster differs from the baseline; with the status of aicr (2 to 8) otherwise.
set -eu

if [ -z "${NAMESPACE:-}" ]; then
  echo "audit.sh: NAMESPACE is not set" >&2
  exit 2
fi

keep=${KEEP:-7}
period=${PERIOD:-86400}

# A run that is repeated within its period writes to the same place.
slot=$(($(date -u +%s) / period % keep))
target=cm://$NAMESPACE/aicr-audit-$slot

aicr snapshot --filter k8s,topology -o "$target"

if [ -n "${BASELINE:-}" ]; then
  set -f
  set --
  for pattern in ${IGNORE:-}; do
    set -- "$@" --ignore "$pattern"
  done
  set +f
  aicr diff --exit-code "$@" "$BASELINE" "$target"
fi
