#!/bin/sh
# Takes a snapshot of this node, keeps the last KEEP of them and compares the newest with a baseline.
# aicr-audit.service runs it. A unit cannot put the date into a file's name (%Y, %m and %d are no dates there: %m is the
# machine's id), so this script does.
#
#   STATE_DIRECTORY          where snapshots are kept; systemd sets it
#   CONFIGURATION_DIRECTORY  where baseline.yaml may lie; systemd sets it. Without one the snapshot before is compared.
#   KEEP                     how many snapshots are kept               (default 30)
#   FILTER                   what is measured                          (default os,systemd,gpu)
#   IGNORE                   paths that may differ, separated by spaces (default: none)
#
# Ends with 0; with 1 when the node differs; with the status of aicr (2 to 8) otherwise.
set -eu

if [ -z "${STATE_DIRECTORY:-}" ]; then
  echo "audit.sh: STATE_DIRECTORY is not set" >&2
  exit 2
fi

keep=${KEEP:-30}
current=$STATE_DIRECTORY/snapshot-$(date -u +%Y%m%dT%H%M%SZ).yaml

before=
for file in "$STATE_DIRECTORY"/snapshot-*.yaml; do
  if [ -f "$file" ]; then before=$file; fi
done
if [ -f "${CONFIGURATION_DIRECTORY:-/nonexistent}/baseline.yaml" ]; then
  before=$CONFIGURATION_DIRECTORY/baseline.yaml
fi

aicr snapshot --filter "${FILTER:-os,systemd,gpu}" -o "$current"

# Names sort as the times that they hold.
set -- "$STATE_DIRECTORY"/snapshot-*.yaml
while [ "$#" -gt "$keep" ]; do
  # What the comparison below needs stays until the next run.
  if [ "$1" != "$before" ]; then rm -f -- "$1"; fi
  shift
done

if [ -z "$before" ]; then
  echo "first snapshot of this node: $current" >&2
  exit 0
fi
set -f
set --
for pattern in ${IGNORE:-}; do
  set -- "$@" --ignore "$pattern"
done
set +f
aicr diff --exit-code "$@" "$before" "$current"
