#!/bin/sh
# Says what is wrong with a cluster and prints the commands that would put it right. It changes nothing: no command of
# the plan is run, and nothing it calls writes to the cluster. A person reads the plan and runs what they agree with.
#
#   RECIPE    what the cluster should be       (default gpu/recipe.yaml)
#   SNAPSHOT  a file or cm://namespace/name; empty: one is taken on the spot, of this machine and its cluster
#   PLAN      folder for the plan              (default gpu-plan; must not exist)
#
# Ends with 0 when there is nothing to do, with 1 when there is a plan, with the status of aicr (2 to 8) otherwise.
set -eu

recipe=${RECIPE:-gpu/recipe.yaml}
plan=${PLAN:-gpu-plan}
wanted=0

# A plan that was read and one that was made later must not be mixed up.
if [ -e "$plan" ]; then
  echo "plan.sh: $plan is there already; remove it, or name another with PLAN" >&2
  exit 2
fi
mkdir -p "$plan"

# ask FILE COMMAND...: keeps what the command prints, and its "no" for the end.
ask() {
  file=$1
  shift
  status=0
  "$@" >"$file" || status=$?
  case $status in
    0) ;;
    1) wanted=1 ;;
    *) exit "$status" ;;
  esac
}

if [ -z "${SNAPSHOT:-}" ]; then
  SNAPSHOT=$plan/snapshot.yaml
  aicr snapshot -o "$SNAPSHOT"
fi

set -- validate -r "$recipe" -s "$SNAPSHOT" --no-cluster --phase readiness
ask "$plan/1-requirements.txt" aicr "$@" --format table
# The report has what to do about each requirement that is not met.
ask "$plan/report.json" aicr "$@" --format ctrf
sed -n \
  -e '/^ *"name": /{s/^ *"name": "\(.*\)",*$/\1/;h;}' \
  -e '/^ *"remediation": /{s/^ *"remediation": "\(.*\)",*$/\1/;s/\\"/"/g;s/\\u003c/</g;s/\\u003e/>/g;s/\\u0026/\&/g;H;x;s/\n/: /;p;}' \
  "$plan/report.json" >>"$plan/1-requirements.txt"
if [ "${CLUSTER:-yes}" = yes ]; then
  ask "$plan/2-drift.txt" aicr drift --recipe "$recipe" --snapshot "$SNAPSHOT"
fi

if [ "$wanted" -eq 0 ]; then
  echo "nothing to do: the cluster is what $recipe wants"
  exit 0
fi

aicr bundle -r "$recipe" -o "$plan/bundle" >"$plan/3-bundle.txt" 2>&1
"$plan/bundle/deploy.sh" --dry-run >"$plan/4-commands.txt"

for file in "$plan"/[0-9]*.txt; do
  echo "== $file"
  cat "$file"
done
cat <<END
== nothing was changed
Requirements of nodes (kernel, operating system, driver) are met where the nodes are made: image, boot parameters,
node pool. Components are brought to the recipe's versions by
  $plan/bundle/deploy.sh
Read $plan/4-commands.txt first: they are its commands.
END
exit 1
