#!/bin/sh
# Writes a recipe for every kind of cluster that you have, and README.md, an index of them.
#
#   OUT           folder for the recipes (default recipes)
#   SERVICES      (default "eks gke aks")
#   ACCELERATORS  (default "h100 gb200")
#   SYSTEMS       (default "ubuntu")
#   WORKLOADS     intent, or intent/platform (default "training training/kubeflow inference inference/dynamo")
#
# A kind that the catalog does not cover is left out and named: --strict keeps it from becoming a recipe that looks right
# and ignores what was asked. Any other failure ends the script with the status of aicr, before the index is changed.
# Two runs with the same catalog write the same bytes: keep them in Git, and a change of the catalog is reviewed as a diff.
set -eu

out=${OUT:-recipes}
mkdir -p "$out"
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
written=0
uncovered=0

printf '# Recipes\n\n| service | accelerator | system | workload | recipe |\n| --- | --- | --- | --- | --- |\n' >"$scratch/README.md"
for service in ${SERVICES:-eks gke aks}; do
  for accelerator in ${ACCELERATORS:-h100 gb200}; do
    for system in ${SYSTEMS:-ubuntu}; do
      for workload in ${WORKLOADS:-training training/kubeflow inference inference/dynamo}; do
        intent=${workload%%/*}
        platform=any
        name=$service-$accelerator-$system-$intent
        if [ "$intent" != "$workload" ]; then
          platform=${workload#*/}
          name=$name-$platform
        fi
        status=0
        aicr recipe --strict --service "$service" --accelerator "$accelerator" --os "$system" --intent "$intent" \
          --platform "$platform" -o "$scratch/$name.yaml" 2>"$scratch/log" || status=$?
        case $status in
          0)
            echo "| $service | $accelerator | $system | $workload | [$name.yaml]($name.yaml) |" >>"$scratch/README.md"
            written=$((written + 1))
            ;;
          3)
            echo "not covered: $name" >&2
            uncovered=$((uncovered + 1))
            ;;
          *)
            cat "$scratch/log" >&2
            exit "$status"
            ;;
        esac
      done
    done
  done
done

rm -f -- "$scratch/log"
cp -- "$scratch"/* "$out/"
echo "$written recipes in $out, $uncovered kinds not covered"
