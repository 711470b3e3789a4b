#!/bin/sh
# Compares what the recipe wants, what Helm says is installed and what the cluster runs; keeps the last KEEP reports.
#
#   RECIPE   the recipe                              (default gpu/recipe.yaml)
#   REPORTS  folder for the reports                  (default drift-reports)
#   KEEP     how many reports are kept               (default 30)
#   CONTEXT  context of the kubeconfig               (default: its current one)
#   NOTIFY   program that gets the report on standard input when there is drift (default: none)
#
# Ends with 0 without drift, with 1 when there is drift, with the status of aicr (2 to 8) otherwise.
set -eu

recipe=${RECIPE:-gpu/recipe.yaml}
reports=${REPORTS:-drift-reports}
keep=${KEEP:-30}

mkdir -p "$reports"
report=$reports/drift-$(date -u +%Y%m%dT%H%M%SZ).txt
set --
if [ -n "${CONTEXT:-}" ]; then set -- --context "$CONTEXT"; fi

status=0
aicr drift --recipe "$recipe" "$@" >"$report" || status=$?
if [ "$status" -gt 1 ]; then
  rm -f -- "$report"
  exit "$status"
fi
cat "$report"

# Names sort as the times that they hold.
set -- "$reports"/drift-*.txt
while [ "$#" -gt "$keep" ]; do
  rm -f -- "$1"
  shift
done

if [ "$status" -eq 1 ] && [ -n "${NOTIFY:-}" ]; then
  "$NOTIFY" <"$report"
fi
exit "$status"
