#!/bin/sh
# Measures one node over ssh, keeps the snapshot here and compares it with a baseline. Terraform runs it (main.tf).
#
#   NODE      name of the node, and of its snapshot
#   ADDRESS   where ssh reaches it: host or user@host, with a key from the ssh agent
#   BASELINE  snapshot of a node that is known to be good
#   REPORTS   folder for snapshots
#   IGNORE    paths that may differ, separated by spaces (default: what tells one GPU from another, such as serial numbers)
#
# Ends with 0; with 1 when the node differs; 255 is ssh's own failure; otherwise the status of aicr (2 to 8).
set -eu

if [ -z "${NODE:-}" ] || [ -z "${ADDRESS:-}" ] || [ -z "${BASELINE:-}" ] || [ -z "${REPORTS:-}" ]; then
  echo "check-node.sh: NODE, ADDRESS, BASELINE and REPORTS must be set" >&2
  exit 2
fi

mkdir -p "$REPORTS"
snapshot=$REPORTS/$NODE.yaml
part=$snapshot.part
trap 'rm -f -- "$part"' EXIT

ssh -o BatchMode=yes -o ConnectTimeout=10 -- "$ADDRESS" aicr snapshot --filter os,systemd,gpu >"$part"
mv -- "$part" "$snapshot"

# Patterns are not expanded to names of files.
set -f
set --
for pattern in ${IGNORE-GPU.devices.*.uuid GPU.devices.*.serial GPU.devices.*.platform.* GPU.devices.*.fabric.cl*}; do
  set -- "$@" --ignore "$pattern"
done
aicr diff --exit-code "$@" "$BASELINE" "$snapshot"
