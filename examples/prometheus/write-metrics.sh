#!/bin/sh
# Turns a snapshot of this node into metrics for node_exporter's textfile collector.
#
#   DIRECTORY  folder of the collector (default /var/lib/node_exporter/textfile)
#   TEMPLATE   what becomes a metric   (default metrics.tmpl beside this script)
#   FILTER     what is measured        (default os,gpu)
#   BASELINE   snapshot of a good node; absent: no aicr_baseline_differs
#   IGNORE     paths that may differ from it, separated by spaces
#
# Ends with 0 also when the node differs from the baseline: that is a metric, and an alert says it.
set -eu

here=$(dirname -- "$0")
directory=${DIRECTORY:-/var/lib/node_exporter/textfile}
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch" "$directory/.aicr.prom.$$"' EXIT

aicr snapshot --filter "${FILTER:-os,gpu}" --template "${TEMPLATE:-$here/metrics.tmpl}" -o "$scratch/metrics"

if [ -n "${BASELINE:-}" ]; then
  aicr snapshot --filter "${FILTER:-os,gpu}" -o "$scratch/snapshot.yaml"
  set -f
  set --
  for pattern in ${IGNORE:-}; do
    set -- "$@" --ignore "$pattern"
  done
  set +f
  differs=0
  aicr diff --exit-code "$@" "$BASELINE" "$scratch/snapshot.yaml" >&2 || differs=$?
  if [ "$differs" -gt 1 ]; then exit "$differs"; fi
  cat >>"$scratch/metrics" <<END
# HELP aicr_baseline_differs 1 when the node differs from its baseline.
# TYPE aicr_baseline_differs gauge
aicr_baseline_differs $differs
END
fi

# The collector may read at any moment: the file is put in place whole, from the same file system.
cp -- "$scratch/metrics" "$directory/.aicr.prom.$$"
chmod 0644 "$directory/.aicr.prom.$$"
mv -- "$directory/.aicr.prom.$$" "$directory/aicr.prom"
