#!/bin/sh
# Measures the GPU node that this runs on, compares it with a node that is known to be good, and validates it against
# a recipe. The GitLab, GitHub and Jenkins pipelines beside this folder call it; it needs nothing but aicr and sh.
#
#   RECIPE    recipe to validate against                  (default gpu/recipe.yaml)
#   BASELINE  snapshot of a good node; empty: no comparison (default gpu/baseline.yaml)
#   IGNORE    paths that may differ, separated by spaces   (default: what tells one GPU from another, such as serial numbers)
#   OUT       folder for snapshot.yaml, changes.txt, validation.txt and report.xml (default gpu-report)
#   SNAPSHOT  snapshot that was taken before; nothing is measured then
#
# Ends with 0 when the node is as it should be, with 1 when it is not, and with the status of aicr (2 to 8) when the
# check could not be made: a pipeline can tell a wrong node from a broken check.
set -eu

recipe=${RECIPE:-gpu/recipe.yaml}
baseline=${BASELINE-gpu/baseline.yaml}
ignore=${IGNORE-GPU.devices.*.uuid GPU.devices.*.serial GPU.devices.*.platform.* GPU.devices.*.fabric.cl*}
out=${OUT:-gpu-report}
answer=0

# ask FILE COMMAND...: what the command prints goes to the file and to the log; its "no" is kept for the end, so that
# one report names everything that is wrong.
ask() {
  file=$1
  shift
  status=0
  "$@" >"$file" || status=$?
  cat "$file"
  case $status in
    0) ;;
    1) answer=1 ;;
    *) exit "$status" ;;
  esac
}

mkdir -p "$out"
snapshot=$out/snapshot.yaml
if [ -n "${SNAPSHOT:-}" ]; then
  cp -- "$SNAPSHOT" "$snapshot"
else
  aicr snapshot --filter os,gpu --require-gpu -o "$snapshot"
fi

if [ -n "$baseline" ]; then
  echo "== changes since $baseline"
  # Patterns are not expanded to names of files.
  set -f
  set --
  for pattern in $ignore; do
    set -- "$@" --ignore "$pattern"
  done
  set +f
  ask "$out/changes.txt" aicr diff --exit-code "$@" "$baseline" "$snapshot"
fi

echo "== validation against $recipe"
set -- validate -r "$recipe" -s "$snapshot" --no-cluster --phase readiness
ask "$out/validation.txt" aicr "$@" --format table
# The same again for the pipeline, which has its own place for test results.
aicr "$@" --format junit -o "$out/report.xml" 2>/dev/null || [ "$?" -eq 1 ]

exit "$answer"
