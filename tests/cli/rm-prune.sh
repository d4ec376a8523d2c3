#!/bin/sh
# rm removes a run by a commit that says why; prune takes large artifacts away, never those that a run still needs.
. "${0%/*}/lib.sh"
new_repository
printf 'git: {artifact_limit: 1 KiB}\nmetrics: [{score: higher}]\n' >assay.yaml
git add . && git commit -q -m start
make_run() { # NAME SCORE SIZE [OPTION...]: a run with a large artifact of its own
	name=$1 score=$2 size=$3
	shift 3
	assay run --name "$name" "$@" -- sh -c 'mkdir -p "$ASSAY_RUN_DIR/artifacts"
		yes "$1" | head -c "$3" >"$ASSAY_RUN_DIR/artifacts/model.bin"
		echo "{\"score\": $2}" >"$ASSAY_RUN_DIR/metrics.json"' sh "$name" "$score" "$size" \
		>"$here/out" 2>"$here/err" || { cat "$here/err"; fail "run $name"; }
}
objects() {
	find .git/assay/objects -type f 2>/dev/null | wc -l
}
make_run old 0.5 3000
make_run winner 0.9 4000
make_run gone 0.4 5000
make_run kept 0.1 6000 --tag promoted=yes
make_run same 0.2 3000
make_run newest 0.3 7000
test "$(objects)" -ge 6 || fail "there are $(objects) objects, not 6"

# a reason is needed; a name that is none removes nothing
expect 2 assay rm gone
says 'for a reason'
before=$(git rev-parse assay/runs)
expect 2 assay rm gone nobody --reason x
test "$(git rev-parse assay/runs)" = "$before" || fail "a mistake removed a run"
expect 0 assay rm gone --reason 'trained on the test rows'
git log -1 --format=%B assay/runs >"$here/message"
grep -q 'trained on the test rows' "$here/message" || fail "the reason is not in the commit"
grep -q '^Assay-Removed: ' "$here/message" || fail "no trailer"
expect 0 assay ls --json
test "$(jq length "$here/out")" = 5 || fail "ls still has it"
expect 0 assay verify
grep -q '1 run removed by' "$here/out" || fail "verify: $(cat "$here/out")"
expect 0 assay rm winner --reason x
says 'is the best of'
git update-ref refs/heads/assay/runs assay/runs~1
git rev-parse assay/runs >"$here/tip" && printf '%s\nrefs/heads/assay/runs\n' "$(cat "$here/tip")" >.git/assay/landed
expect 2 assay rm gone --reason twice

# what came within a day stays, unless its run is old enough: objects of no run are young here
expect 0 assay prune --dry-run
grep -q 'nothing to take away' "$here/out" || fail "young objects would go: $(cat "$here/out")"
count=$(objects)
expect 1 assay prune --older-than 0
says '--yes'
test "$(objects)" = "$count" || fail "pruned without a yes"
expect 0 assay prune --older-than 0 --dry-run
grep -q 'artifacts/model.bin' "$here/out" || fail "it does not say what: $(cat "$here/out")"
expect 0 assay prune --older-than 0 --yes
for name in winner kept newest; do
	expect 0 assay get $name artifacts/model.bin -o "$here/$name"
done
expect 1 assay get old artifacts/model.bin -o "$here/old"
says 'another machine alone, or was pruned'
expect 1 assay get same artifacts/model.bin -o "$here/same"
expect 0 assay verify
grep -q 'not on this machine' "$here/out" || fail "verify says nothing of what was pruned"

# a branch that somebody reset: the runs that need objects are not all there
git update-ref refs/heads/assay/runs assay/runs~2
expect 2 assay prune --older-than 0 --yes
says 'assay recover'
