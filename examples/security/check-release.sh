#!/bin/sh
# Checks before a program and a bundle go to production: the program has no rights of its own, the bundle is the one that
# was reviewed, and no snapshot that is kept holds a secret.
#
#   BUNDLE     folder or .tar.gz of a bundle; empty: none is checked
#   SNAPSHOTS  snapshots to search, separated by spaces; empty: none
#   SECRETS    file with values that must not be found in them, one a line: tokens and passwords of a test cluster
#
# Ends with 0 when all is well, with 1 and a line for each thing that is not.
set -eu

answer=0
wrong() {
  echo "wrong: $*"
  answer=1
}

program=$(command -v aicr) || { echo "check-release.sh: aicr is not on the PATH" >&2; exit 2; }
if [ -u "$program" ] || [ -g "$program" ]; then
  wrong "$program has the set-user-id or set-group-id bit; aicr needs neither: chmod ug-s $program"
fi
if command -v getcap >/dev/null && [ -n "$(getcap "$program")" ]; then
  wrong "$program has capabilities; aicr needs none: setcap -r $program"
fi
if [ -n "$(find -L "$program" -perm -0002)" ]; then
  wrong "everyone may write to $program: chmod o-w $program"
fi

if [ -n "${BUNDLE:-}" ]; then
  status=0
  aicr verify "$BUNDLE" || status=$?
  case $status in
    0) ;;
    1) wrong "$BUNDLE is not what was made; see above" ;;
    *) exit "$status" ;;
  esac
fi

# Values, not names: names such as kernel.keys.maxkeys are no secrets, and a secret may lie under any name.
for snapshot in ${SNAPSHOTS:-}; do
  if [ ! -r "$snapshot" ]; then
    echo "check-release.sh: $snapshot cannot be read" >&2
    exit 2
  fi
  if [ -n "${SECRETS:-}" ]; then
    # grep would take an empty line as something that is everywhere.
    patterns=$(grep -v '^[[:space:]]*$' "$SECRETS") || { echo "check-release.sh: $SECRETS is empty" >&2; exit 2; }
    count=$(printf '%s\n' "$patterns" | grep -c -F -f - -- "$snapshot") || [ "$?" -eq 1 ] || exit 2
    if [ "$count" -gt 0 ]; then wrong "$snapshot holds a secret of $SECRETS in $count lines"; fi
  fi
  if grep -q -E -e '-----BEGIN [A-Z ]*PRIVATE KEY-----|eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.|AKIA[0-9A-Z]{16}|nvapi-[A-Za-z0-9_-]{20,}' -- "$snapshot"; then
    wrong "$snapshot holds what looks like a private key or a token"
  fi
done

if [ "$answer" -eq 0 ]; then echo "all is well"; fi
exit "$answer"
