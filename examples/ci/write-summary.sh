#!/bin/sh
# Puts what check-gpu-node.sh found on the summary page of a GitHub run.
#
#   OUT                  folder that check-gpu-node.sh wrote (default gpu-report)
#   GITHUB_STEP_SUMMARY  file of the summary; GitHub sets it
set -eu

if [ -z "${GITHUB_STEP_SUMMARY:-}" ]; then
  echo "write-summary.sh: GITHUB_STEP_SUMMARY is not set" >&2
  exit 2
fi

out=${OUT:-gpu-report}

for name in changes validation; do
  if [ -s "$out/$name.txt" ]; then
    # Four signs, as a text of a measurement may hold three.
    printf '### %s\n\n````text\n' "$name"
    cat "$out/$name.txt"
    printf '````\n\n'
  fi
done >>"$GITHUB_STEP_SUMMARY"
