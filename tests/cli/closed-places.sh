#!/bin/sh
# stdin, stdout or stderr closed: no file of the repository takes its place, a command runs as it would.
. "${0%/*}/lib.sh"
new_repository

assay run -q -- sh -c 'echo lost; echo kept >&2; exit 3' >&- 2>"$here/err"
test $? = 3 || fail "stdout is closed"
grep -qx kept "$here/err" || fail "stderr is lost with stdout"
test "$(assay run -q -- sh -c 'echo kept; echo lost >&2; exit 4' 2>&-)" = kept || fail "stderr is closed"
assay run -q -- sh -c 'cat; exit 5' <&- >"$here/out" 2>"$here/err"
test $? = 5 || fail "stdin is closed"
assay run -q -- sh -c 'cat; echo lost; echo lost >&2; exit 6' <&- >&- 2>&-
test $? = 6 || fail "all are closed"
expect 0 assay ls --json
test "$(jq -c 'map(.status) | unique' "$here/out")" = '["failed"]' && test "$(jq length "$here/out")" = 4 ||
	fail "the runs: $(cat "$here/out")"
git fsck --strict --no-dangling >"$here/out" 2>&1 || fail "git fsck: $(cat "$here/out")"
