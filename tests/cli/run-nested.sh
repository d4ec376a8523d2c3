#!/bin/sh
# A run inside a run has it as its parent, one of another repository has none; each has its own directory.
. "${0%/*}/lib.sh"
new_repository other
new_repository
# shellcheck disable=SC2016 # for the shells of the runs
expect 5 assay run --name outer --seed 3 -- sh -c '
	echo "{\"where\": 1}" >"$ASSAY_RUN_DIR/metrics.json"
	assay run --name inner -- sh -c "echo \"{\\\"where\\\": 2}\" >\"\$ASSAY_RUN_DIR/metrics.json\"; exit 4"
	test $? = 4 || exit 90
	assay -C "$0" run --name stranger -- true
	exit 5' "$here/other"
expect 0 assay show outer --json
jq -e '.record.parent == null and .record.reported.where == 1' "$here/out" >"$here/jq" || fail "outer: $(cat "$here/out")"
outer=$(jq -r .record.id "$here/out")
expect 0 assay show inner --json
jq -e --arg outer "$outer" '.record.parent == $outer and .record.reported.where == 2 and .record.exit == 4 and .record.seed == 3' \
	"$here/out" >"$here/jq" || fail "inner: $(cat "$here/out")"
expect 0 assay -C "$here/other" show stranger --json
jq -e '.record.parent == null' "$here/out" >"$here/jq" || fail "stranger: $(cat "$here/out")"

# an id in the environment that is no run in flight here is nobody's parent
ASSAY_RUN_ID=$outer expect 0 assay run --name late -- true
expect 0 assay show late --json
jq -e '.record.parent == null' "$here/out" >"$here/jq" || fail "late: $(cat "$here/out")"
